#!/bin/sh
# The demonstration's week: findings on most days, a campaign over three places, takedowns in each state, a gap, a day without answer,
# what was purged, two audiences; a second run finds nothing new; and all of it verifies.
. tests/e2e/lib.sh

tests=$PWD/tests

# demo [NAME=VALUE]: its folder is below that of the test
demo() {
	(cd "$folder" && env "$@" "$tests/demo" "${WATCHDESK%/watchdesk}") >"$folder/said" 2>"$folder/err" ||
		fail "the demonstration ended with $?: $(tail -n 3 "$folder/err")"
	config=$folder/demo/watchdesk.yaml
}

query() {
	sqlite3 -cmd '.timeout 5000' "$folder/demo/store/watchdesk.db" "$1"
}

# Where there is no other clock: one round, and what a desk does all the same.
demo DEMO_CLOCK=none
expect_line 'the path of the report' "^report: $folder/demo/report/index.html\$" "$folder/said"
[ "$(query "SELECT count(*) FROM takedown")" -ge 6 ] || fail 'fewer than six takedowns'
verb 0 verify
rm -r "$folder/demo"

# The week goes through the same verbs many times.
case $WATCHDESK in *sanitize*) echo "[  SKIPPED ] the demonstration's week: under a sanitizer it shows nothing new"; exit 0 ;; esac
ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || { echo "[  SKIPPED ] the demonstration's week: no libfaketime"; exit 0; }

demo
expect_line 'the path of the report' "^report: $folder/demo/report/index.html\$" "$folder/said"
expect_line 'manners' 'forbids was asked for 0 times' "$folder/said"

# What was found, over days.
days=$(query "SELECT count(DISTINCT found_at / 86400000000) FROM finding")
[ "$days" -ge 7 ] || fail "findings on $days days only"
late=$(query "SELECT count(*) FROM finding JOIN post ON post.id = post_id WHERE found_at - posted_at NOT BETWEEN 0 AND 50400000000")
expect 'findings that were found before they were posted, or long after' 0 "$late"
for category in violence extortion leak dox; do
	[ "$(query "SELECT count(*) FROM finding WHERE category = '$category'")" -ge 3 ] || fail "$category: fewer than 3"
done
low=$(query "SELECT count(*) FROM finding WHERE severity BETWEEN 20 AND 69")
high=$(query "SELECT count(*) FROM finding WHERE severity >= 70")
[ "$low" -gt "$high" ] || fail "$low low and medium beside $high high ones"
verb 0 campaign list
expect_line 'a campaign over three places' ' 4 in +4 texts at +3 sources .* To Example Pictures' "$folder/out"

# What was said of it.
verb 0 verdicts
[ "$(grep -cE '^  [a-z0-9-]+ +0\.[0-9]+ of [0-9]+ judged' "$folder/out")" -ge 6 ] || fail 'fewer than six rules with both verdicts'

# Takedowns: each kind is there once at least.
verb 0 takedown list
for state in open drafted receipt gone closed; do
	expect_line "a takedown that is $state" "[0-9] $state( |\$)" "$folder/out"
done
expect_line 'one waits too long' 'overdue: it is still there' "$folder/out"
[ "$(query "SELECT count(*) FROM takedown_target WHERE returns > 0 AND state = 'drafted'")" -ge 1 ] || fail 'none came back'

# The watch: a day without an answer, that is over; and more than the feed shows.
"$WATCHDESK" source health --config "$config" >"$folder/out" # 1 as long as the gap is younger than a day
expect_line 'a gap' ' [1-9][0-9]* gaps? in seven days' "$folder/out"
expect_line 'the forum is well again' '^projection-room +ok' "$folder/out"
expect_line 'and was not' 'status 503' "$folder/out"
expect 'texts that were purged' 2 "$(query "SELECT count(DISTINCT revision_id) FROM purged")"

# Two audiences, and the second sees no text.
for page in index.html purged.html sources.html takedowns.html campaigns.html about.html feed.atom.xml; do
	[ -s "$folder/demo/report/$page" ] || fail "the report has no $page"
done
grep -rq 'Curtain\|stand empty\|front rows' "$folder/demo/report/finding" || fail 'the report shows no texts'
expect 'texts that management may not see' 0 "$(grep -rl 'front rows' "$folder/demo/report-management" | wc -l)"
[ -s "$folder/demo/report-management/index.html" ] || fail 'management has no report'

verb 0 verify
demo
expect_line 'the second run finds nothing new' ' 0 new posts, 0 new findings' "$folder/said"
verb 0 verify
