#!/bin/sh
# Files that other collectors leave: read as soon as they are there, each post once, also when it grows, when the monitor ends
# or is killed in between; what leads out, hangs or bursts is left alone or named.
. tests/e2e/lib.sh

start_monitor() {
	"$WATCHDESK" run --config "$config" >"$folder/out" 2>>"$folder/log" &
	monitor=$!
}

stop_monitor() { # [-9]
	kill ${1:-} "$monitor" && wait "$monitor" 2>/dev/null
	monitor=''
}

posts='SELECT count(*) FROM post'
spool=$folder/spool
mkdir -p "$spool/deep/er" "$spool/maildir/new" "$spool/maildir/cur" "$spool/maildir/tmp" "$folder/outside"
url='' port=''
configure <<-END
  - {name: spool, folder: $spool, every: 1h}
  - {name: log, file: $folder/collector.log, format: jsonl, every: 1h}
  - {name: piped, folder: $folder/piped, format: jsonl, every: 1h}
END
mkdir "$folder/piped"
echo 'what was there before the monitor: bob@example.com' >"$spool/before.txt"
start_monitor
wait_for 'what was there before' is 1 query "$posts"

# A file of every kind, moved in or written.
printf 'a text that names Example Pictures\n' >"$folder/moved" && mv "$folder/moved" "$spool/deep/er/moved.txt"
printf 'archived by pystemon' | gzip >"$spool/7f.gz"
printf '{"source":"ail_feeder_x","meta":{"id":1},"data":"%s","data-sha256":"ab"}\n{"site":"s","pastie_id":"7f","content":"two"}\n' \
	"$(printf 'from AIL' | gzip | base64 -w 0)" >"$spool/both.jsonl"
printf 'From a@example.net x\nMessage-ID: <1@a>\nSubject: one\n\nhello\n\nFrom a@example.net x\nMessage-ID: <2@a>\n\nworld\n' >"$spool/list.mbox"
printf 'Message-ID: <3@a>\n\nin a Maildir\n' >"$spool/maildir/tmp/1" && mv "$spool/maildir/tmp/1" "$spool/maildir/new/1"
printf 'WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-11-26T10:00:00Z\r\nWARC-Target-URI: https://example.net/w\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\na page\r\n\r\n' |
	gzip >"$spool/x.warc.gz"
wait_for 'a file of every kind' is 9 query "$posts"

# What is left alone: hidden and unfinished files, a link that leads out, a FIFO; a name of any bytes is read.
echo outside >"$folder/outside/secret.txt"
ln -s "$folder/outside" "$spool/link"
ln -s "$folder/outside/secret.txt" "$spool/link.txt"
mkfifo "$spool/fifo"
echo hidden >"$spool/.hidden"
echo partial >"$spool/x.part"
echo hostile >"$spool/$(printf '\377 #%%\n<b>\001.txt')"
wait_for 'a hostile name' is 10 query "$posts"
mv "$spool/x.part" "$spool/x.txt"
wait_for 'a file that is finished' is 11 query "$posts"
mv "$spool/maildir/new/1" "$spool/maildir/cur/1:2,S"
head -c 20000000 /dev/zero | gzip >"$spool/bomb.gz"
wait_for 'a gzip bomb is named' is 1 query "SELECT count(*) FROM trouble WHERE class = 'content' AND detail LIKE '%more than 16777216 bytes%'"

# A log that is not there yet is a failure that is told; then it grows line by line, and a line that comes in two halves.
expect 'a file that is not there' content "$(health_of log)"
printf '{"id":1,"text":"one"}\n' >"$folder/collector.log"
wait_for 'a log' is 12 query "$posts"
expect 'a file that is there' - "$(health_of log)"
printf '{"id":2,"text":"two"}\n{"id":3,"te' >>"$folder/collector.log"
wait_for 'a log that grows' is 13 query "$posts"
printf 'xt":"three"}\n' >>"$folder/collector.log"
wait_for 'the other half of a line' is 14 query "$posts"

# Another file in its place, longer than what was read of the one before.
printf '{"id":5,"text":"another file"}\n{"id":6,"text":"that is longer than the one that it replaces"}\n' >"$folder/collector.log"
wait_for 'a log that was written anew' is 16 query "$posts"

# A collector that is piped in.
printf '{"id":"p1","text":"one"}\n{"id":"p2","text":"two"}\n' | "$WATCHDESK" source feed piped --config "$config" >"$folder/fed" || fail "feed"
expect 'what was piped in' "2 lines put into $folder/piped" "$(cat "$folder/fed")"
wait_for 'a pipe' is 18 query "$posts"

# Nothing is read anew after an end and after a kill, and what came meanwhile is read.
revisions=$(query 'SELECT count(*) FROM revision')
stop_monitor
printf '{"id":"p3","text":"three"}\n' | "$WATCHDESK" source feed piped --config "$config" >"$folder/fed" || fail "feed without a monitor"
start_monitor
wait_for 'what came while nobody watched' is 19 query "$posts"
stop_monitor -9
printf '{"id":4,"text":"four"}\n' >>"$folder/collector.log"
start_monitor
wait_for 'what came after a kill' is 20 query "$posts"
expect 'revisions' $((revisions + 2)) "$(query 'SELECT count(*) FROM revision')"
expect 'posts of before, unless they are new' 20 "$(query 'SELECT count(DISTINCT source_id || key) FROM post')"

# An mbox of several pieces, killed while it is read.
awk 'BEGIN { for (i = 0; i < 20000; i++) { printf "From a@example.net x\nMessage-ID: <big%d@a>\nSubject: s\n\n", i
	for (k = 0; k < 10; k++) print "a line of some words that nobody minds, number " k " of mail " i; print "" } }' >"$folder/big"
[ "$(wc -c <"$folder/big")" -gt 12000000 ] || fail "the mbox is too small"
mv "$folder/big" "$spool/big.mbox"
for i in $(seq 1200); do
	[ "$(query "$posts")" -gt 3000 ] && break
	sleep 0.02
done
stop_monitor -9
[ "$(query "$posts")" -lt 20020 ] || fail 'it was read before it could be killed'
start_monitor
wait_for 'an mbox of several pieces' is 20020 query "$posts"
case $WATCHDESK in
*-sanitize/*) most=1000000 ;; # what was freed is kept for a while there
*) most=300000 ;;
esac
for pid in $(pgrep -P "$monitor"); do
	kilobytes=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null)
	[ "${kilobytes:-0}" -lt "$most" ] || fail "a process of the monitor took $kilobytes kB"
done
stop_monitor
expect_no_line 'the log' 'error|worker-ended' "$folder/log"
verb 0 verify
grep -q secret "$folder/log" && fail 'a link was followed'
expect 'posts from outside' 0 "$(query "SELECT count(*) FROM post WHERE url LIKE '%secret%' OR url LIKE '%link%'")"
