#!/bin/sh
# kill -9 in the middle of rounds: what was committed verifies each time, and in the end every finding opens to its text.
. tests/e2e/lib.sh

start_site
whole_site | configure

requests() {
	wc -l <"$folder/site.log"
}

# A round that is killed once the site has answered so many requests more.
killed_after() {
	until=$(($(requests) + $1))
	"$WATCHDESK" crawl --config "$config" >"$folder/out" 2>"$folder/err" &
	monitor=$!
	while kill -0 $monitor 2>/dev/null && [ "$(requests)" -lt $until ]; do sleep 0.01; done
	kill -9 $monitor 2>/dev/null
	wait $monitor 2>/dev/null
	monitor=''
}

for n in 12 20 6; do
	killed_after $n
	[ -f "$folder/store/watchdesk.db" ] || continue
	verb 0 verify
done
verb 0 crawl
verb 0 verify
expect_line 'what was verified' '[1-9][0-9]* items of evidence' "$folder/out"
verb 0 list --severity 40 --all --json
sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/out" >"$folder/ids"
[ "$(wc -l <"$folder/ids")" -ge 15 ] || fail "only $(wc -l <"$folder/ids") findings"
while read -r id; do
	verb 0 show "$id" --unmask
done <"$folder/ids"
