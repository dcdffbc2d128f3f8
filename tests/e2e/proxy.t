#!/bin/sh
# Through a proxy: names are looked up by it alone, each source is a circuit of its own, and nothing inside is asked for.
. tests/e2e/lib.sh

# start_proxy KIND: its port in $proxy
start_proxy() {
	python3 tests/proxy "$1" "$port" "$folder/$1.log" >"$folder/$1.port" &
	monitor="$monitor $!"
	until [ -s "$folder/$1.port" ]; do sleep 0.05; done
	proxy=$(cat "$folder/$1.port")
}

# source NAME ADDRESS [LINE]
source_of() {
	printf '  - name: %s\n    files: ["%s"]\n    pace: 0\n    every: 1h\n    %s\n' "$1" "$2" "${3-identity: quiet}"
}

start_site
start_proxy http
http=$proxy
start_proxy socks5
{
	source_of hidden http://hiddenforum.onion/raw/warning
	source_of second http://hiddenforum.onion/raw/soup
	source_of moved http://hiddenforum.onion/fault/inside
	source_of open http://paste.example.net/motd.txt "proxy: socks5h://127.0.0.1:$proxy"
	source_of plain http://web.example.net/motd.txt "proxy: http://127.0.0.1:$http"
	source_of unreachable http://unreachable.example.net/motd.txt
	source_of inside http://127.0.0.1:@PORT@/raw/soup
	source_of host http://localhost:@PORT@/raw/soup
	source_of nobody http://web.example.net/motd.txt "proxy: socks5h://127.0.0.1:1"
	source_of straight @URL@/motd.txt '{identity: quiet, proxy: none, allow_private: true}'
} | sed 's/^    {\(.*\), \(.*\), \(.*\)}$/    \1\n    \2\n    \3/' | configure
sed -i "1i tor: socks5h://127.0.0.1:$proxy" "$config"

verb 0 crawl
while read -r name class; do
	expect "health of $name" "$class" "$(health_of "$name")"
done <<'END'
hidden -
second -
moved denied
open -
plain -
unreachable connect
inside denied
host denied
nobody connect
straight -
END
log=$folder/socks5.log
expect "connections that were asked for by number" 0 "$(grep -cv '^name ' "$log")"
for name in hidden second moved open unreachable; do
	expect "circuits of $name" 1 "$(awk -v name=$name '$4 == name { print $5 }' "$log" | sort -u | wc -l)"
done
expect "circuits of anybody else" 0 "$(grep -cvE ' (hidden|second|moved|open|unreachable) [0-9a-f]{32}$' "$log")"
expect "robots.txt is asked for once of each host by each identity" 4 "$(count ' GET /robots.txt ' "$folder/site.log")"
expect_line "the web proxy was asked" '^name web.example.net 80' "$folder/http.log"
expect "requests of quiet sources that say who we are" 0 \
	"$(grep -E '/raw/|/fault/' "$folder/site.log" | grep -cE 'watchdesk|example.com')"
expect_line "a quiet source has a common name" ' GET /raw/warning .*Firefox' "$folder/site.log"

verb 0 list
expect_line "the threat was found behind the proxy" 'WARNING|/raw/warning' "$folder/out"
"$WATCHDESK" source health --config "$config" >"$folder/health"
expect_line "why a proxy failed" 'proxy' "$folder/health"

# A second start is another circuit: nobody can tie it to the first.
first=$(awk '$4 == "hidden" { print $5; exit }' "$log")
: >"$log"
verb 0 crawl
expect "uses of the first circuit" 0 "$(count "$first" "$log")"
[ -s "$log" ] || fail "the second round asked nothing"
