#!/bin/sh
# What a server can do to HTTP itself: each is refused or cut at its ceiling and named, the others are read, memory stays as it is.
. tests/e2e/lib.sh

# page NAME: a source of the page of that name
page() {
	printf '  - name: %s\n    files: ["http://127.0.0.1:%s/%s"]\n    pace: 0\n    every: 1h\n    allow_private: true\n' "$1" "$server" "$1"
}

# The largest of the processes of a round, kB.
round_kb() {
	python3 -c 'import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if code == 0 else "it ended with %d" % code)' \
		"$WATCHDESK" crawl --config "$config"
}

start_site
python3 tests/hostile "$folder/hostile.log" >"$folder/hostile.port" &
monitor=$!
until [ -s "$folder/hostile.port" ]; do sleep 0.05; done
server=$(cat "$folder/hostile.port")

page good | configure
before=$(round_kb)
rm -rf "$folder/store"
cat >"$folder/expected" <<'END'
two-lengths HTTP two lengths
length-list HTTP two lengths
same-length-twice -
length-and-chunks -
extension limit body is larger
trailers limit larger than the ceiling
chunk-size HTTP .
long-header limit header is larger
many-headers limit headers are larger
continue limit headers are larger
cut-gzip content ends too early
self HTTP more than 8 redirects
a HTTP more than 8 redirects
to-onion denied an .onion address is only asked for through a socks5h proxy
no-http HTTP .
later -
much-later HTTP status 301, to be followed later than is waited for
good -
END
while read -r name _; do page "$name"; done <"$folder/expected" | configure
after=$(round_kb)
"$WATCHDESK" source health --json --config "$config" >"$folder/health" 2>/dev/null
while read -r name class words; do
	expect "health of $name" "$class" "$(health_of "$name" 2>/dev/null)"
	[ "$class" = - ] || expect_line "$name is told what is wrong" "\"source\":\"$name\".*\"detail\":\"[^\"]*$words" "$folder/health"
done <"$folder/expected"
[ "$after" -lt $((before + 32768)) ] || fail "a round takes $after kB, $before kB without them"
waited=$(awk '$1 == "/later" { asked = $3 } $1 == "/after" { came = $3 } END { print came - asked }' "$folder/hostile.log")
[ "$waited" -ge 2000 ] && [ "$waited" -lt 3000 ] || fail "a redirect that asked for 2 s was followed after $waited ms"
while read -r path sent _; do
	[ "$sent" -lt 20000000 ] || fail "$sent bytes of $path were taken"
done <"$folder/hostile.log"
