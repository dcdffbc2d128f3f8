#!/bin/sh
# A round finds the threat it was built for; the next finds nothing new and costs the site nothing; what robots.txt forbids is left.
. tests/e2e/lib.sh

start_site
whole_site | configure

verb 0 crawl
expect_line "the first round" '55 fetched, 0 unchanged, 2 failed, 67 new posts' "$folder/out"
verb 0 list
expect_line "the veiled warning comes first, with its asset" '^ *9[0-9] critical +violence +Example Pictures .*WARNING$' "$folder/out"
expect "its place" 1 "$(grep -n 'WARNING$' "$folder/out" | cut -d: -f1)"
verb 0 list --json
for key in ransom envfile stealer combo privkey; do
	expect_line "$key is severe" "\"severity\":[7-9][0-9],.*/raw/$key\"" "$folder/out"
done
for key in soup lyrics policy filmreview hashes awsdocs; do
	expect_no_line "$key is no finding" "/raw/$key\"" "$folder/out"
done

requests=$(wc -l <"$folder/site.log")
verb 0 crawl
expect_line "the second round" ' 0 new posts, 0 new findings$' "$folder/out"
sed "1,${requests}d" "$folder/site.log" >"$folder/second.log"
expect "what was asked again and had not changed" 4 "$(count ' 304 ' "$folder/second.log")"
expect "pastes that were asked for twice" 0 "$(count ' GET /raw/' "$folder/second.log")"

expect "requests for what robots.txt forbids" 0 "$(count ' GET /(private/|raw/private-)' "$folder/site.log")"
expect "requests without our name and contact" 0 "$(grep -cv 'watchdesk/[0-9.]*\\x20(+mailto:watchdesk@example.com)$' "$folder/site.log")"
expect "robots.txt is asked for once a round" 2 "$(count ' GET /robots.txt ' "$folder/site.log")"
expect "health of a source that answers" - "$(health_of smallpaste)"
expect "health of one that does not" HTTP "$(health_of out-of-order)"

verb 0 report
[ -s "$folder/report/index.html" ] || fail "the report has no index"
expect_line "the report shows the threat" 'WARNING' "$folder/report/index.html"
