#!/bin/sh
# The heartbeat comes once for its hour, also through restarts, with the head of custody, which is an anchor from then on; and what
# is not well with the watch itself is told once.
. tests/e2e/lib.sh

url='' port=''

mkdir -p "$folder/in" "$folder/www"
start_relay
printf '<!DOCTYPE html><title>x</title><p>Everyone who goes to the premiere of The Interlude will be killed. We will bomb it.\n' >"$folder/www/page.html"
start_pages

# An hour and a few seconds ago, so that this day's heartbeat is due and the next is not.
at=$(date -u -d '-1 hour' +%H:%M)
configure <<END
  - name: calm
    files: ["@URL@/page.html"]
    every: 1s
    pace: 0
    allow_private: true
    canary: words that nobody writes
    canary_within: 1s
END
verb 0 crawl
verb 0 list --json
id=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/out" | head -1)
verb 0 mark "$id" confirmed
cat >>"$config" <<END
alerts:
  smtp: smtp://127.0.0.1:$relay
  from: watchdesk@example.com
  tls: none
  pace: 0
  heartbeat: {to: [desk@example.com, second@example.com], at: "$at"}
END

mails() {
	cat "$folder"/mail/*.eml 2>/dev/null | tr -d '\r' | grep -ciE "$1"
}

watch() {
	"$WATCHDESK" run --config "$config" >>"$folder/run.out" 2>>"$folder/run.err" &
	monitor=$!
}

watch
wait_for 'the heartbeat' at_least 2 mails '^Subject: .*the watch (is whole|needs a look)'
kill -9 $monitor
wait $monitor 2>/dev/null
watch
wait_for 'words about the watch' at_least 2 mails '^Subject: .*not well: (source calm|[0-9]+ things)'
sleep 1
kill $monitor
wait $monitor
monitor=''
expect 'mails, each to one' "$(ls "$folder"/mail/*.eml | wc -l)" "$(cat "$folder"/mail/*.to | grep -cE '^(desk|second)@example.com$')"
expect 'heartbeats, each once but for repeats after the crash' 2 "$(grep -liE '^Subject: .*the watch (is whole|needs a look)' "$folder"/mail/*.eml | xargs cat | tr -d '\r' | grep -i '^Message-ID' | sort -u | wc -l)"
cat "$folder"/mail/*.eml | tr -d '\r' >"$folder/all"
expect_line 'the canary that is missed' 'does not show' "$folder/all"
expect_line 'the head of custody' '^[0-9a-f]{32} [0-9]+:|[0-9]+:[0-9a-f]{20}' "$folder/all"

# The head that the mail names stands in the store as an anchor, and the chain still leads through it.
verb 0 verify
