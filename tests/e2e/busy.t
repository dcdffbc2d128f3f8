#!/bin/sh
# Verbs beside a running monitor: they read and write the same store, and nothing of either is lost.
. tests/e2e/lib.sh

pastes=4000
start_site --bulk $pastes
{
	whole_site
	cat <<-'END'
	  - name: bulk
	    listing: "@URL@/bulk/list/0"
	    links: //td/a/@href
	    next: //a[@rel="next"]/@href
	    pages: 1000
	    raw: "@URL@/bulk/raw/{key}"
	    pace: 0
	    every: 1h
	    allow_private: true
	END
} | configure

"$WATCHDESK" run --config "$config" >"$folder/run.out" 2>"$folder/run.err" &
monitor=$!

# The first finding that the monitor stores.
id=''
while [ -z "$id" ]; do
	kill -0 "$monitor" 2>/dev/null || fail "the monitor ended: $(cat "$folder/run.err")"
	id=$("$WATCHDESK" list --json --severity 90 --config "$config" 2>/dev/null | sed -n '1s/{"id":"\([0-9a-f]*\)".*/\1/p')
done

# While it goes on: verdicts are given and taken back, lists and the report are read.
for verdict in known confirmed duplicate none false-positive; do
	verb 0 mark "$id" $verdict --note "the $verdict one"
	verb 0 list
	verb 0 show "$id" --json
	expect_line "show beside a monitor" "\"verdict\":\"$verdict\"" "$folder/out"
	verb 0 search popcorn
done
verb 0 report
kill -0 "$monitor" 2>/dev/null || fail "the monitor ended beside the verbs: $(cat "$folder/run.err")"

kill -TERM "$monitor"
wait "$monitor"
expect "exit code of the monitor" 0 $?
monitor=''
verb 0 crawl
verb 0 show "$id" --json
expect_line "the last verdict is kept" '"verdict":"false-positive"' "$folder/out"
expect "posts after all" $pastes "$("$WATCHDESK" source health --json --config "$config" | sed -n 's/^{"source":"bulk".*"posts":\([0-9]*\).*/\1/p')"
