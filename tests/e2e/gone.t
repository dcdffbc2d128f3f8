#!/bin/sh
# Targets of takedowns are looked at again: still there, gone in each form, unclear, back at the same place and back elsewhere.
. tests/e2e/lib.sh

# A case for each finding of a paste or thread, with its address as the target.
open_cases() {
	query "SELECT finding.public_id FROM finding JOIN post ON post.id = post_id WHERE severity >= 40 AND url NOT LIKE '%/feed/%'" >"$folder/ids"
	while read -r id; do
		verb 0 takedown open "$id" --grounds threat
	done <"$folder/ids"
	query 'SELECT public_id FROM takedown' >"$folder/cases"
}

# One more target of the case of a post.
target() {
	verb 0 takedown target "$(query "SELECT takedown.public_id FROM takedown JOIN finding ON finding.id = finding_id
		JOIN post ON post.id = post_id WHERE post.key = '$1'")" "$2"
}

# All of them are due now, as by `takedown recheck` of each.
due() {
	query "UPDATE takedown_target SET recheck_at = 1 WHERE recheck_at IS NOT NULL"
}

# state END: of the target at the address that ends so.
state() {
	query "SELECT state FROM takedown_target WHERE url LIKE '%$1' ORDER BY id LIMIT 1"
}

# saw END: what the last look saw, and how.
saw() {
	query "SELECT result || ': ' || how FROM takedown_check JOIN takedown_target AS t ON t.id = target_id
		WHERE url LIKE '%$1' ORDER BY takedown_check.id DESC LIMIT 1"
}

# expect_look END STATE SAW
expect_look() {
	case $(saw "$1") in
	$3) ;;
	*) fail "what was seen at $1: expected $3, got $(saw "$1")" ;;
	esac
	expect "the state of $1" "$2" "$(state "$1")"
}

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

mkdir "$folder/changes"
start_site --changes "$folder/changes"
start_relay
whole_site | sed 's/^  - name: smallpaste/&\n    identity: quiet/' | configure # who looks at its pastes does not say who asks
cat >>"$config" <<END
alerts:
  smtp: smtp://127.0.0.1:$relay
  tls: none
  from: watchdesk@example.com
  heartbeat: {to: [desk@example.com], at: "00:00"}
END
verb 0 crawl
open_cases
target warning "$url/private/private-payroll"
target warning "http://127.0.0.1:1/elsewhere"
while read -r id; do
	verb 0 takedown recheck "$id"
done <"$folder/cases"
targets=$(query "SELECT count(*) FROM takedown_target")
[ "$targets" -ge 15 ] || fail "only $targets targets"

# All of them stand, and nothing is written but a row of each; the host is asked for each page once.
acts=$(query "SELECT count(*) FROM custody")
verb 0 crawl
expect_look /raw/warning open 'there: it stands there'
expect_look /raw/stealer open 'there: it stands there'
expect_look '#threat-veiled' open 'there: it stands there'
expect_look private-payroll open 'unclear: robots: *'
expect_look elsewhere open 'unclear: denied: *'
expect 'acts in custody' "$acts" "$(query "SELECT count(*) FROM custody")"
due
verb 0 crawl
due
before=$(requests)
verb 0 crawl
expect 'rows of a target that stands' 2 "$(query "SELECT count(*) FROM takedown_check JOIN takedown_target AS t ON t.id = target_id
	WHERE url LIKE '%/raw/warning'")"
[ "$(tail -n +$((before + 1)) "$folder/site.log" | grep -c ' 304 ')" -ge 8 ] || fail 'the looks are not conditional'

expect 'looks that tell a quiet place whom it is watched for' 0 "$(count ' GET /raw/[a-z0-9-]+ .*watchdesk/' "$folder/site.log")"
[ "$(count ' GET /raw/warning .*Mozilla/' "$folder/site.log")" -ge 3 ] || fail 'who looked is not who read'

# Gone in each form that is sure, and what is not.
touch "$folder/changes/stealer.gone" "$folder/changes/warning.soft" "$folder/changes/threat-veiled.gone"
echo /fault/erased >"$folder/changes/ransom.as"
echo /fault/moved >"$folder/changes/privkey.as"
echo /fault/login >"$folder/changes/dox.as"
echo /fault/challenge >"$folder/changes/combo.as"
echo /fault/broken >"$folder/changes/staff.as"
echo /fault/huge >"$folder/changes/envfile.as"
echo /fault/nested >"$folder/changes/payorpublish.as"
echo /fault/inside >"$folder/changes/memo.as"
echo 'Nothing to read here any more but the opening hours of a library, ten to six.' >"$folder/changes/threat-plain.txt"
due
killed_after 6
killed_after 5
verb 0 verify
verb 0 crawl
expect_look /raw/stealer gone 'gone: status 404'
expect_look /raw/ransom gone 'gone: status 410'
expect_look /raw/warning gone 'gone: soft 404'
expect_look /raw/threat-plain open 'unclear: another text stands there'
expect_look /raw/privkey open 'unclear: it leads to http://*/raw/soup, where another text stands there'
expect_look /raw/dox open 'unclear: login page'
expect_look /raw/combo open 'unclear: Cloudflare challenge'
expect_look /raw/staff open 'unclear: status 500'
expect_look /raw/envfile open 'unclear: limit: *'
expect_look /raw/payorpublish open 'unclear: another text stands there'
expect_look /raw/memo open 'unclear: denied: *'
due
verb 0 crawl
expect_look /raw/threat-plain gone 'gone: another text stands there'
expect_look /raw/privkey gone 'gone: it leads to *'
expect_look '#threat-veiled' gone 'gone: another text stands there'
expect_look /raw/dox open 'unclear: login page'
expect_look /raw/combo open 'unclear: Cloudflare challenge'

# Each is proved, once, and custody holds.
gone=$(query "SELECT count(*) FROM takedown_target WHERE state = 'gone'")
expect 'proofs' "$gone" "$(query "SELECT count(DISTINCT target_id) FROM takedown_check JOIN evidence ON evidence.id = evidence_id")"
expect 'proofs in custody' "$gone" "$(query "SELECT count(*) FROM custody WHERE act = 'notice' AND detail LIKE '%\"saw\":\"gone\"%evidence_row%'")"
verb 0 verify
due
verb 0 crawl
expect 'proofs after another look' "$gone" "$(query "SELECT count(*) FROM takedown_check WHERE evidence_id IS NOT NULL")"

# It is evidence of the finding like the capture of its text, and is written out with it.
finding=$(query "SELECT finding.public_id FROM takedown_target JOIN takedown ON takedown.id = takedown_id JOIN finding ON finding.id = takedown.finding_id WHERE takedown_target.url LIKE '%/raw/stealer'")
verb 0 evidence list "$finding"
expect_line 'the text' ' 200  http://.*/raw/stealer$' "$folder/out"
expect_line 'and that it is gone' ' 404  http://.*/raw/stealer$' "$folder/out"
verb 0 evidence export "$finding" --output "$folder/proof"
[ "$(zcat "$folder/proof/$finding.warc.gz" | grep -ac '^HTTP/1.1 [24]0[04]')" -ge 2 ] || fail 'the pack lacks one of both'

# Back at the same place: people hear of it.
rm "$folder/changes/stealer.gone"
due
verb 0 crawl
expect_look /raw/stealer back 'there: it stands there'
expect 'how often it came back' 1 "$(query "SELECT returns FROM takedown_target WHERE url LIKE '%/raw/stealer'")"
grep -lq 'Subject: .*a text is back' "$folder"/mail/*.eml || fail 'nobody was told'
expect_no_line 'no address in the mail can be followed' "http://127.*/raw/stealer" "$(grep -l 'a text is back' "$folder"/mail/*.eml | head -n 1)"
verb 0 verify
