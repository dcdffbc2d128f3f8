#!/bin/sh
# The links of mails, behind a web server that runs `watchdesk answer` (CGI): looking changes nothing, the button and one click
# do, once; what is forged, used or of the last recipient does nothing, and a stranger learns nothing by it.
. tests/e2e/lib.sh

# The token in the only message of a kind.
token_of() {
	query "SELECT content FROM outbox WHERE kind = '$1' LIMIT 1" | grep -oE 'wd-[a-z2-7]{56}' | head -n 1
}

mkdir -p "$folder/in" "$folder/www/cgi-bin"
cp tests/site/posts/warning.txt "$folder/in"
url='' port=''
configure <<-END
  - {name: spool, folder: $folder/in, every: 1h}
END
cat >>"$config" <<-END
alerts: {smtp: "smtp://127.0.0.1:1", from: watchdesk@example.com, tls: none, endpoint: https://watch.example.com/answer}
subscriptions: [{to: one@example.com}, {to: two@example.com}]
duty: {severity: 40, after: 1h, roster: [{name: desk, to: desk@example.com}]}
END
verb 0 crawl
verb 0 subscribe new@example.com --severity 70
duty=$(token_of duty) leave=$(token_of alert) question=$(token_of question)
expect 'a token each' 3 "$(printf '%s\n' "$duty" "$leave" "$question" | sort -u | grep -c wd-)"
expect 'links' 2 "$(query "SELECT content FROM outbox WHERE kind = 'alert'" | grep -c 'https://watch.example.com/answer/wd-')"

printf '#!/bin/sh\nexec "%s" answer --config "%s"\n' "$WATCHDESK" "$config" >"$folder/www/cgi-bin/answer"
chmod +x "$folder/www/cgi-bin/answer"
(cd "$folder/www" && exec python3 -u -c '
from http.server import CGIHTTPRequestHandler, HTTPServer
CGIHTTPRequestHandler.have_fork = False
server = HTTPServer(("127.0.0.1", 0), CGIHTTPRequestHandler)
print(server.server_port, flush=True)
server.serve_forever()') >"$folder/port" 2>"$folder/server.log" &
servers=$!
while [ ! -s "$folder/port" ]; do kill -0 "$servers" || fail "the server: $(cat "$folder/server.log")"; sleep 0.05; done

# visit STATUS PATH [OPTIONS OF curl]: what came is in out
visit() {
	wanted=$1 path=$2
	shift 2
	curl -sS -D "$folder/headers" -o "$folder/out" "$@" "http://127.0.0.1:$(cat "$folder/port")/cgi-bin/answer/$path"
	tr -d '\r' <"$folder/headers" >"$folder/said"
	expect_line "$path" "^Status: $wanted " "$folder/said"
	expect_line "$path" '^Content-Security-Policy: default-src .none.;' "$folder/said"
	! grep -aq 'watchdesk:\|<script\|spool' "$folder/out" || fail "$path says too much"
}

forged=$(echo "$duty" | tr 'a-y2-6' 'b-z3-7')
for token in "$forged" nothing '' "wd-%0d%0aSet-Cookie:x" "$duty$duty" "$(printf '%02000d' 7)"; do
	[ "$token" = "$duty$duty" ] && continue # its beginning is a token
	visit 410 "$token"
	visit 410 "$token" -d x=y
done
! grep -qi set-cookie "$folder/headers" || fail 'a header came in'
visit 200 "$duty"
expect_line 'a button' '<form method="post"><button type="submit">I have it</button></form>' "$folder/out"
visit 200 "$duty" --head
expect 'looking changes nothing' nobody "$(query "SELECT coalesce(nullif(acknowledged_by, ''), 'nobody') FROM duty LIMIT 1")"
REQUEST_METHOD=DELETE PATH_INFO=/$duty verb 0 answer
expect_line 'another method' '^Status: 405 ' "$folder/out"
visit 200 "$(echo "$duty" | tr a-z A-Z)" -d ''
expect 'who has it' 'who got the link, link' "$(query "SELECT acknowledged_by || ', ' || how FROM duty LIMIT 1")"
visit 410 "$duty" -d ''
query "SELECT content FROM outbox WHERE kind = 'duty'" >"$folder/letter"
expect_line 'the link of who is asked' "href=.*https://watch.example.com/answer/$duty" "$folder/letter"
visit 200 "$question" -d ''
visit 200 "$leave" -d List-Unsubscribe=One-Click
visit 410 "$leave" -d List-Unsubscribe=One-Click
verb 0 subscribe list
expect_line 'who confirmed' 'active +new@example.com' "$folder/out"
expect 'who left' 1 "$(count ' left ' "$folder/out")"
stays=$(sed -n 's/.*active *\(one\|two\)@.*/\1/p' "$folder/out")
last=$(query "SELECT content FROM outbox WHERE kind = 'alert' AND recipient = '$stays@example.com'" | grep -oE 'wd-[a-z2-7]{56}' | head -n 1)
visit 409 "$last" -d List-Unsubscribe=One-Click
expect 'in custody' 3 "$(query "SELECT count(*) FROM custody WHERE operator = 'by link'")"
verb 0 verify
