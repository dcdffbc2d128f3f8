#!/bin/sh
# What the rules say is old goes: no file of the store holds a byte of it, what is held stays, custody and digests verify; one
# that was killed goes on.
. tests/e2e/lib.sh

# The id of the finding in this file.
finding() {
	query "SELECT public_id FROM finding JOIN post ON post.id = post_id WHERE url LIKE '%/$1.txt%'"
}

# in_files MARKER: how many lines of the store's files hold it.
in_files() {
	cat "$folder"/store/watchdesk.db* "$folder"/store/search.db* "$folder"/store/segments/* | grep -acF "$1"
}

mkdir "$folder/in" "$folder/news"
url='' port=''
configure <<-END
  - {name: spool, folder: $folder/in, every: 1h}
  - {name: news, folder: $folder/news, every: 1h}
retention:
  - {verdicts: [known], keep: forever}
  - {name: people, personal_data: true, keep: 30d}
  - {name: old ones, of: findings, keep: 300d}
END
# Texts too short to be compressed; a word of each stands nowhere else.
echo 'We will bomb the premiere of The Interlude. qzvexgone' >"$folder/in/gone.txt"
echo 'We will kill all at the premiere of The Interlude. wkjpxheld' >"$folder/in/held.txt"
echo 'We will burn the premiere of The Interlude down. hbtrxknown' >"$folder/in/known.txt"
echo 'logins of Example Pictures: xylqperson@example.com:Gh5pepper77' >"$folder/in/people.txt"
echo 'we will shoot everybody at the premiere of The Interlude mnbvxyoung' >"$folder/in/young.txt"
echo 'pasta with garlic rtyuxpost' >"$folder/in/pasta.txt"
echo 'tomatoes at the market fghjxnews' >"$folder/news/market.txt"
verb 0 crawl
verb 0 list --all --json
expect findings 5 "$(wc -l <"$folder/out")"
for word in qzvexgone wkjpxheld hbtrxknown mnbvxyoung rtyuxpost fghjxnews; do
	[ "$(in_files "$word")" -gt 0 ] || fail "$word is not there to begin with"
done
gone=$(finding gone) held=$(finding held) known=$(finding known) people=$(finding people)
verb 0 mark "$known" known
verb 2 hold add finding "$held"
verb 2 hold add finding 000000 --reason x
verb 0 hold add finding "$held" --reason 'case 14, for the court'
verb 0 hold add source news --reason 'all of it is asked for'
verb 0 hold list --json
expect_json 'hold list' "$folder/out"
expect 'held' 2 "$(wc -l <"$folder/out")"

# More than a year without a sight of them.
query "UPDATE post SET last_seen = last_seen - 400 * 86400000000 WHERE url NOT LIKE '%people%' AND url NOT LIKE '%young%';
	UPDATE post SET last_seen = last_seen - 40 * 86400000000 WHERE url LIKE '%people%'"
verb 0 purge --dry-run --json
expect_json 'purge --dry-run' "$folder/out"
expect_line 'by age' '"rule":"old ones".*"findings":1,"posts":0,"held":1' "$folder/out"
expect_line 'personal data first' '"rule":"people".*"findings":1,"posts":0,"held":0' "$folder/out"
expect_line 'other posts' '"rule":"posts that are no finding \(default\)".*"findings":0,"posts":1,"held":1' "$folder/out"
expect 'nothing went' 0 "$(query 'SELECT count(*) FROM purged')"
verb 0 verify

verb 0 purge
expect_line 'what it says' '^3 texts went, 2 keys of evidence are forgotten' "$folder/out"
for word in qzvexgone rtyuxpost xylqperson; do
	expect "lines that hold $word" 0 "$(in_files "$word")"
done
for word in wkjpxheld hbtrxknown mnbvxyoung fghjxnews; do
	[ "$(in_files "$word")" -gt 0 ] || fail "$word is gone"
done
verb 0 verify
expect_line 'verify says what was purged' ' 2 texts purged, of which the digests are left' "$folder/out"
verb 0 show "$gone"
expect_line 'show says so' '^purged .* by old ones' "$folder/out"
verb 0 show "$held" --unmask
expect_line 'what is held opens' 'wkjpxheld' "$folder/out"
verb 3 show "$gone" --unmask
expect_line 'what is purged does not' 'was not sealed, or was purged' "$folder/err"
verb 0 search wkjpxheld
expect_line 'the index was made anew' 'wkjpxheld' "$folder/out"
verb 0 search qzvexgone --json
expect 'and knows nothing of it' 0 "$(wc -l <"$folder/out")"
expect 'custody' '1 1' "$(query "SELECT count(*) FROM custody WHERE act = 'purge' AND subject = 'finding $gone'") $(query "SELECT count(*) FROM custody WHERE act = 'purge' AND subject = 'finding $people'")"

# A text that went without an entry in custody was taken away.
query "INSERT INTO purged (revision_id, rule, at) SELECT revision_id, 'old ones', 5 FROM assessment JOIN finding ON finding.assessment_id = assessment.id WHERE public_id = '$held'"
verb 5 verify
expect_line 'it is named' "finding $held: its text is not there and custody knows of no purge: removed" "$folder/out"
query "DELETE FROM purged WHERE at = 5"

# What stands there again is known by its digest: it does not come back.
verb 0 crawl
expect 'no new text' 0 "$(in_files xylqperson)"
verb 0 purge --json
expect_line 'nothing more to do' '"texts":[01],"evidence_keys":0' "$folder/out"

# Killed in the middle, and begun again.
i=0
while [ $i -lt 1000 ]; do
	i=$((i + 1))
	echo "notes number $i of the gardenclub" >"$folder/in/club$i.txt"
done
verb 0 crawl
[ "$(in_files gardenclub)" -gt 100 ] || fail 'the notes are not there to begin with'
query "UPDATE post SET last_seen = last_seen - 400 * 86400000000 WHERE url LIKE '%club%'"
posts=$(query 'SELECT count(*) FROM post')
"$WATCHDESK" purge --config "$config" >"$folder/out" 2>"$folder/err" &
monitor=$!
while kill -0 $monitor 2>/dev/null && [ "$(query 'SELECT count(*) FROM post')" = "$posts" ]; do :; done
kill -9 $monitor 2>/dev/null
wait $monitor 2>/dev/null
monitor=''
verb 0 verify
verb 0 purge
expect 'posts that are left' "$((posts - 1000))" "$(query 'SELECT count(*) FROM post')"
expect 'lines that hold them' 0 "$(in_files gardenclub)"
expect 'what the index has to forget' 0 "$(query 'SELECT count(*) FROM unindex')"
verb 0 verify

# Beside a running monitor: what goes is gone, and what comes next is found.
sed 's/every: 1h/every: 1s/' "$config" >"$config.fast" && mv "$config.fast" "$config"
echo 'We will burn the cinema of The Interlude at night. plmoxbeside' >"$folder/in/beside.txt"
"$WATCHDESK" run --config "$config" >"$folder/log" 2>&1 &
monitor=$!
until [ "$(query "SELECT count(*) FROM finding JOIN post ON post.id = post_id WHERE url LIKE '%beside%'")" = 1 ] &&
	[ "$(query 'SELECT count(*) FROM index_queue')" = 0 ]; do
	kill -0 $monitor 2>/dev/null || fail "the monitor: $(cat "$folder/log")"
	sleep 0.05
done
[ "$(in_files plmoxbeside)" -gt 0 ] || fail 'it is not there to begin with'
until query "PRAGMA busy_timeout = 5000; UPDATE post SET last_seen = last_seen - 400 * 86400000000 WHERE url LIKE '%beside%'" >/dev/null; do :; done
verb 0 purge
expect 'lines that hold it' 0 "$(in_files plmoxbeside)"
echo 'We will burn the studio of The Interlude by day. plmoxnext' >"$folder/in/next.txt"
until [ "$(query "SELECT count(*) FROM finding JOIN post ON post.id = post_id WHERE url LIKE '%next%'")" = 1 ]; do
	kill -0 $monitor 2>/dev/null || fail "the monitor: $(cat "$folder/log")"
	sleep 0.05
done
kill $monitor && wait $monitor
monitor=''
verb 0 verify

# Released, it goes; wrong rules are refused with their line.
verb 0 hold remove finding "$held" --reason 'the case is closed'
query "UPDATE post SET last_seen = last_seen - 400 * 86400000000 WHERE url LIKE '%held%'"
verb 0 purge
expect 'released' 0 "$(in_files wkjpxheld)"
verb 0 verify
sed -i 's/keep: 300d/keep: long/' "$config"
verb 2 purge --dry-run
expect_line 'a wrong duration' 'watchdesk.yaml:[0-9]+: keep is "long", expected a duration such as 90d, or forever' "$folder/err"
sed -i '/^retention:/,$d' "$config"
verb 0 purge
expect_line 'without rules' 'nothing is ever purged' "$folder/out"
