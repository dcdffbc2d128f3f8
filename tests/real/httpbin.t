#!/bin/sh
# httpbin, which answers as it is asked to: statuses, codings, redirects, slow and partial bodies, validators, and a host that is busy.
# usage: WATCHDESK=PROGRAM sh tests/real/httpbin.t     (needs Debian's python3-httpbin, sqlite3; skipped without)
#
# httpbin sends no Retry-After: the first answer of /status/429 gets one from the line that starts it, and the second is 200.
. tests/real/lib.sh
python=/usr/bin/python3 # Debian's own, which sees Debian's modules
$python -c 'import httpbin' 2>/dev/null || { echo "skipped: no python3-httpbin"; exit 0; }
needs sqlite3

# Each request is a line of the log: ms, path, status.
start_httpbin() {
	cat >"$folder/serve.py" <<-'END'
	import sys, time
	from httpbin import app
	from werkzeug.serving import make_server

	log = open(sys.argv[1], "a")
	busy = [1]

	def logged(environ, start):
	    path, came = environ["PATH_INFO"], int(time.time() * 1000)

	    def begin(status, headers, *more):
	        if path == "/status/429":
	            status, headers = ("429 TOO MANY REQUESTS", headers + [("Retry-After", "3")]) if busy else ("200 OK", headers)
	            del busy[:]
	        log.write(f"{came} {path} {status.split()[0]}\n")
	        log.flush()
	        return start(status, headers, *more)

	    return app(environ, begin)

	server = make_server("127.0.0.1", 0, logged, threaded=True)
	print(server.port, flush=True)
	server.serve_forever()
	END
	: >"$folder/access.log"
	$python "$folder/serve.py" "$folder/access.log" >"$folder/port" 2>"$folder/server.err" &
	server=$!
	until [ -s "$folder/port" ]; do
		kill -0 "$server" 2>/dev/null || fail "httpbin: $(cat "$folder/server.err")"
		sleep 0.05
	done
	port=$(cat "$folder/port")
}

# What it is asked, and what the source's health then says.
cat >"$folder/rows" <<'END'
get /get -
html /html -
utf8 /encoding/utf8 -
gzip /gzip -
deflate /deflate -
brotli /brotli content
status-200 /status/200 -
status-403 /status/403 HTTP
status-404 /status/404 HTTP
status-410 /status/410 HTTP
status-418 /status/418 HTTP
status-500 /status/500 HTTP
status-503 /status/503 HTTP
redirects /redirect/8 -
too-many-redirects /redirect/9 HTTP
relative /relative-redirect/3 -
absolute /absolute-redirect/3 -
permanent /redirect-to?status_code=308&url=%2Fhtml -
inside /redirect-to?url=http%3A%2F%2F169.254.169.254%2F denied
other-scheme /redirect-to?url=file%3A%2F%2F%2Fetc%2Fhostname HTTP
delayed /delay/2 -
dripping /drip?numbytes=20&duration=4&delay=0 -
range /range/1000 -
chunks /stream/5 -
image /image/png content
forbidden /deny robots
cookies /cookies/set?seat=F7 -
tagged /etag/curtain -
dated /cache -
END

configure() {
	cat <<-END
	organisation: Example Pictures
	contact: watchdesk@example.com
	sources:
	END
	while read -r name path _; do
		printf '  - {name: %s, files: ["http://127.0.0.1:%s%s"], every: 1h, pace: 0, allow_private: true}\n' "$name" "$port" "$path"
	done <"$folder/rows"
	# another name of the host, so that what it asks for is asked of nobody else
	printf '  - {name: busy, files: ["http://localhost:%s/status/429"], every: 1h, pace: 0, allow_private: true}\n' "$port"
}

query() {
	sqlite3 "$folder/store/watchdesk.db" "$1"
}

crawl() {
	"$watchdesk" crawl --config "$folder/watchdesk.yaml" >"$folder/round" 2>&1
	[ $? -le 1 ] || fail "crawl: $(cat "$folder/round")"
}

start_httpbin
configure >"$folder/watchdesk.yaml"
crawl
while read -r name path class; do
	expect "$path" "$class" "$(query "SELECT coalesce(failure, '-') FROM health JOIN source ON id = source_id WHERE name = '$name'")"
done <"$folder/rows"
expect "what was set as a cookie came back" 1 "$("$watchdesk" search F7 --json --config "$folder/watchdesk.yaml" | grep -c /cookies)"
expect "requests for what robots.txt forbids" 0 "$(grep -c ' /deny ' "$folder/access.log")"
expect "requests that were told to wait and asked again" 2 "$(grep -c ' /status/429 ' "$folder/access.log")"
waited=$(awk '$2 == "/status/429" { times[++n] = $1 } END { print times[2] - times[1] }' "$folder/access.log")
[ "$waited" -ge 3000 ] && [ "$waited" -lt 4000 ] || fail "Retry-After: 3 was waited for $waited ms"
echo "ok: Retry-After: 3 was waited for $waited ms"

posts=$(query 'SELECT count(*) FROM post')
: >"$folder/access.log"
crawl
crawl
expect "posts after three rounds" "$posts" "$(query 'SELECT count(*) FROM post')"
expect "what has an ETag comes back as 304" '304 304' "$(awk '$2 == "/etag/curtain" { print $3 }' "$folder/access.log" | xargs)"
expect "what has a date as well" '304 304' "$(awk '$2 == "/cache" { print $3 }' "$folder/access.log" | xargs)"
