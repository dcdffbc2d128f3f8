#!/bin/sh
# A time-stamp authority made of `openssl ts`: the head of the chain is stamped, verified, and a pack's token verifies with openssl.
. tests/e2e/lib.sh

authority=''
trap '[ -z "$authority" ] || kill "$authority"; finish' EXIT
mkdir "$folder/tsa"
tests/authority/make "$folder/tsa" || fail "the authority: $(cat "$folder/tsa/make.log")"
cat >"$folder/tsa/serve.py" <<'END'
import http.server, os, subprocess, sys

class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        with open("query.tsq", "wb") as f:
            f.write(query)
        subprocess.run(["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"], check=True)
        reply = open("reply.tsr", "rb").read()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *what):
        pass

os.chdir(os.path.dirname(sys.argv[0]))
server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 "$folder/tsa/serve.py" >"$folder/tsa/port" 2>"$folder/tsa/serve.log" &
authority=$!
while [ ! -s "$folder/tsa/port" ]; do
	kill -0 $authority 2>/dev/null || fail "the authority: $(cat "$folder/tsa/serve.log")"
	sleep 0.05
done

start_site
whole_site | configure
verb 0 crawl
verb 2 evidence timestamp
expect_line 'what is missing' 'authority' "$folder/err"
sed -i "s|^contact:.*|&\nevidence: {authority: 'http://127.0.0.1:$(cat "$folder/tsa/port")/', authority_ca: tsa/ca.pem}|" "$config"
verb 0 evidence timestamp
expect_line 'what was stamped' '^entry [0-9]+ of custody, and all before it, existed at 20' "$folder/out"
verb 0 verify
expect_line 'what was looked at' '1 time-stamps' "$folder/out"
verb 5 verify --ca "$folder/tsa/other.pem"
expect_line 'a CA that signed nothing' 'time-stamp' "$folder/out"

id=$("$WATCHDESK" list --json --config "$config" | sed -n '1s/^{"id":"\([0-9a-f]*\)".*/\1/p')
verb 0 evidence export "$id" -o "$folder/pack"
token=$(ls "$folder"/pack/custody/stamp-*.tst) || fail 'no token is in the pack'
[ -n "$token" ] || fail 'no token is in the pack'
(cd "$folder/pack/custody" && sh VERIFY.txt "$folder/tsa/ca.pem") >"$folder/out" 2>&1 || { cat "$folder/out" >&2; fail 'the pack does not verify'; }
(cd "$folder/pack" && sha256sum --quiet -c SHA256SUMS) || fail 'the sums of the pack'
