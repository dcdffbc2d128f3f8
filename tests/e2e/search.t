#!/bin/sh
# Search by words and fields, ranked and marked; a search that is kept, and a subscription that follows it: only what fits is told.
. tests/e2e/lib.sh

start_relay
mkdir -p "$folder/in"
url='' port=''
configure <<-END
  - {name: spool, folder: $folder/in, every: 1h}
END
cat >>"$config" <<-END
alerts:
  smtp: smtp://127.0.0.1:$relay
  tls: none
  from: watchdesk@example.com
subscriptions:
  - {to: cinema@example.com, severity: 20, search: cinemas}
END
printf '%s\n' 'dump of example.com' 'boss@example.com:Sunflower#41' 'admin@example.com:Winter#2026' >"$folder/in/first.txt"
verb 0 crawl
verb 0 search --save cinemas 'cinema* severity:>=20 -category:leak'
expect_line 'nothing yet' 'nothing holds these words' "$folder/out"
verb 0 search saved --json
expect_json saved "$folder/out"
expect_line 'kept' '"name":"cinemas"' "$folder/out"
verb 2 search forget cinemas
expect_line 'who follows it' 'cinema@example.com has a subscription' "$folder/err"
verb 2 search --save other 'severity:>many'
expect_line 'what cannot be asked is not kept' '0 to 100' "$folder/err"

echo 'Remember the 11th of September 2001. We recommend you keep yourself distant from the cinemas that show The Interlude' >"$folder/in/threat.txt"
printf '%s\n' 'another dump of example.com' 'chief@example.com:Harvest#77' 'desk@example.com:Autumn#1999' >"$folder/in/second.txt"
touch "$folder/in"
verb 0 crawl
mails() {
	query "SELECT count(*) FROM outbox WHERE recipient LIKE '%cinema@example.com%' AND kind = 'alert'"
}
expect 'told of the threat alone' 1 "$(mails)"
verb 0 search --saved cinemas --json
expect_json rows "$folder/out"
expect 'one fits' 1 "$(wc -l <"$folder/out")"
expect_line 'with its words marked' '"marks":\[\[[0-9]+,[0-9]+\]' "$folder/out"
verb 0 search category:leak site:spool
expect 'by fields alone' 2 "$(count '^    ' "$folder/out")"
expect_no_line 'no secret' 'Sunflower|Harvest' "$folder/out"
verb 0 search 'dump' 'severity:<5'
expect_line 'none' 'nothing holds these words' "$folder/out"
verb 2 search
verb 0 verify
