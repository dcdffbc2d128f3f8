#!/bin/sh
# A text that was taken down comes back: on another site under another name with small edits, after its case was closed, and where it
# stood. The case goes on, the next notice is drafted, people hear of it; kill -9 at any of it loses nothing and adds nothing twice.
. tests/e2e/lib.sh

# takedown ACT...: by its verb
takedown() {
	verb 0 takedown "$@" --json
}

looked() {
	takedown recheck "$case"
	verb 0 crawl
}

# A round that is killed as soon as the site was asked for a page.
killed_crawl() {
	before=$(wc -l <"$folder/site.log")
	"$WATCHDESK" crawl --config "$config" >"$folder/out" 2>"$folder/err" &
	monitor=$!
	while kill -0 $monitor 2>/dev/null && ! tail -n +$((before + 1)) "$folder/site.log" | grep -q "GET $1 "; do sleep 0.01; done
	[ "$2" = at_once ] || sleep "0.$2"
	kill -9 $monitor 2>/dev/null
	wait $monitor 2>/dev/null
	monitor=''
}

# How many mails said so; one that went again after a crash is the same.
heard() {
	grep -l 'Subject: .*a text is back' "$folder"/mail/*.eml 2>/dev/null | xargs -r cat | tr -d '\r' | grep -i '^Message-ID' | sort -u | wc -l
}

mkdir -p "$folder/www/a" "$folder/www/mirror"
sed 's/$/ /' tests/site/posts/warning.txt >"$folder/www/a/one.txt"
echo 'Opening hours of the library: ten to six, closed on Mondays.' >"$folder/www/mirror/hours.txt"
start_pages
start_relay
configure <<'END'
  - name: pastes
    listing: "@URL@/a/"
    links: //a/@href
    raw: "@URL@/a/{key}"
    every: 1h
    pace: 0
    allow_private: true
  - name: mirror
    listing: "@URL@/mirror/"
    links: //a/@href
    raw: "@URL@/mirror/{key}"
    every: 1h
    pace: 0
    allow_private: true
END
cat >>"$config" <<END
alerts:
  smtp: smtp://127.0.0.1:$relay
  tls: none
  pace: 0
  from: watchdesk@example.com
  heartbeat: {to: [desk@example.com], at: "00:00"}
takedowns:
  claimant: {name: Example Pictures, address: "1 Example Street", mail: legal@example.com}
  signatory: {name: Counsel of Example Pictures, title: counsel}
END
verb 0 crawl
verb 0 list --json
finding=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/out")
takedown open "$finding" --grounds threat
case=$(query 'SELECT public_id FROM takedown')
takedown draft "$case" --template host-terms --to abuse@paste.example.net
notice=$(query 'SELECT public_id FROM notice')
takedown approve "$notice"
takedown send "$notice"
verb 0 crawl
expect 'its address' sent "$(query 'SELECT state FROM takedown_target')"
looked
expect 'it stands there' 'there 1' "$(query 'SELECT result || " " || looks FROM takedown_check')"

# Gone, and the proof with it, however often the monitor is killed meanwhile.
mv "$folder/www/a/one.txt" "$folder/one.txt"
takedown recheck "$case"
killed_crawl /a/one.txt at_once
killed_crawl /a/one.txt 05
verb 0 crawl
expect 'it is gone' gone "$(query 'SELECT state FROM takedown_target')"
expect 'one proof' 1 "$(query 'SELECT count(*) FROM takedown_check JOIN evidence ON evidence.id = evidence_id')"
verb 0 takedown show "$case"
expect_line 'the look is shown' 'gone, .*status 404' "$folder/out"

# Elsewhere, by somebody else, with small edits: one more address of the case, the next notice drafted, and nothing sent.
sed 's/third letter/fourth letter/; s/Those who live next door/People living next door/' "$folder/one.txt" >"$folder/www/mirror/mirror.txt"
killed_crawl /mirror/mirror.txt at_once
killed_crawl /mirror/mirror.txt 1
verb 0 crawl
expect 'two addresses' 2 "$(query 'SELECT count(*) FROM takedown_target')"
expect 'the new one has a notice that waits for a person' drafted "$(query "SELECT state FROM takedown_target WHERE url LIKE '%/mirror/mirror.txt'")"
expect 'notices' 'sent draft' "$(query "SELECT group_concat(state, ' ') FROM notice")"
expect_line 'people hear of it' 'Subject: .*a text is back: takedown' "$(grep -l 'a text is back' "$folder"/mail/*.eml | head -n 1)"
expect 'once' 1 "$(heard)"
expect 'mails to the host' 1 "$(cat "$folder"/mail/*.to | grep -c '^abuse@')"
draft=$(query "SELECT public_id FROM notice WHERE state = 'draft'")
takedown approve "$draft"
takedown send "$draft"
verb 0 crawl
expect 'mails to the host' 2 "$(cat "$folder"/mail/*.to | grep -c '^abuse@')"
rm "$folder/www/mirror/mirror.txt"
looked
expect 'both are gone' 'gone gone' "$(query "SELECT group_concat(state, ' ') FROM takedown_target")"
takedown close "$case" --note 'all of it is removed'
verb 0 crawl

# After that at a third place: the case is open again, with that place alone.
sed 's/last one that is polite/last polite one/' "$folder/one.txt" >"$folder/www/mirror/again.txt"
verb 0 crawl
expect 'the case is open again' open "$(query 'SELECT state FROM takedown')"
expect 'its places' 'closed closed drafted' "$(query "SELECT group_concat(state, ' ') FROM takedown_target")"
expect 'it is in custody' 1 "$(query "SELECT count(*) FROM custody WHERE detail LIKE '%\"did\":\"reopen\"%'")"

# And where it stood first: what is gone is looked at also when its case is closed.
verb 0 takedown close "$case" --note 'the third place is of no matter'
cp "$folder/one.txt" "$folder/www/a/one.txt"
query "UPDATE takedown_target SET recheck_at = 1 WHERE recheck_at IS NOT NULL"
verb 0 crawl
expect 'its places' 'drafted closed closed' "$(query "SELECT group_concat(state, ' ') FROM takedown_target")"
expect 'how often the first came back' 1 "$(query "SELECT returns FROM takedown_target WHERE url LIKE '%/a/one.txt'")"
expect 'the case is open again' 'open 1' "$(query "SELECT state || ' ' || (SELECT count(*) FROM takedown) FROM takedown")"
verb 0 verify
