#!/bin/sh
# Each audience has a report in a folder of its own, which `run` and `report` keep up to date; the same rows at the same time are
# the same bytes, and what it may not see is nowhere in it.
. tests/e2e/lib.sh

start_site --posts tests/site/posts
configure <<-END
  - {name: smallpaste, listing: "@URL@/archive", links: '//table[@class="maintable"]//td[1]/a/@href', raw: "@URL@/raw/{key}", every: 1h, pace: 0, allow_private: true}
END
cat >>"$config" <<-END
	zone: Europe/Berlin
	audiences:
	  management: {report: report-management}
	  board: {tlp: red, severity: 85, report: reports/for/board, address: "https://reports.example.com/board"}
	  guests: {tlp: clear}
END
sed -i '/^report:/d' "$config" && echo 'report: report' >>"$config"
mkdir -p "$folder/reports/for"
"$WATCHDESK" run --config "$config" >"$folder/out" 2>"$folder/log" &
monitor=$!
for one in report report-management reports/for/board; do
	wait_for "$one" test -s "$folder/$one/index.html"
done
kill "$monitor" && wait "$monitor"
monitor=''

verb 0 report --at 2026-11-23T12:00:00Z
expect 'folders that are named' 3 "$(grep -c '/index.html$' "$folder/out")"
for one in desk management board guests; do
	verb 0 report --audience $one --at 2026-11-23T12:00:00Z --output "$folder/again-$one"
done
for pair in report:again-desk report-management:again-management reports/for/board:again-board; do
	diff -r -x .pages "$folder/${pair%:*}" "$folder/${pair#*:}" >"$folder/diff" || fail "not the same bytes: $(head -n 5 "$folder/diff")"
done
expect 'findings of the desk' "$(find "$folder/report/finding" -name '*.html' | wc -l)" "$(tail -n +2 "$folder/report/findings.csv" | wc -l)"
[ "$(find "$folder/reports/for/board/finding" -name '*.html' | wc -l)" -lt "$(find "$folder/report/finding" -name '*.html' | wc -l)" ] || fail 'the board sees all'
expect 'least severity of the board' 1 "$(cut -d, -f3 "$folder/reports/for/board/findings.csv" | tail -n +2 | tr -d '"' | sort -n | head -n 1 | awk '{ print ($1 >= 85) }')"
for one in report:TLP:AMBER+STRICT report-management:TLP:AMBER reports/for/board:TLP:RED again-guests:TLP:CLEAR; do
	find "$folder/${one%%:*}" -name '*.html' -exec grep -L "<p class=\"tlp\">${one#*:}</p>" {} + >"$folder/unlabelled"
	expect "pages without ${one#*:}" 0 "$(wc -l <"$folder/unlabelled")"
done
grep -q smallpaste -r "$folder/report" || fail 'the desk does not see the source'
for word in smallpaste premiere_guests "127[[]" ; do
	grep -rlF "$word" "$folder/report-management" >"$folder/seen"
	expect "files of management with $word" 0 "$(wc -l <"$folder/seen")"
done
[ -e "$folder/report/anchor.txt" ] && [ ! -e "$folder/report-management/anchor.txt" ] || fail 'the head of the chain is where it should not be'
grep -q 'rel="self"' "$folder/reports/for/board/feed.atom.xml" || fail 'the feed of the board does not know its address'
grep -q '(13:00)' "$folder/report/index.html" || fail "the desk's zone is not beside UTC"

verb 2 report --audience nobody
expect_line 'an audience that there is not' 'no audience is called nobody, expected one of desk, legal, management, board, guests' "$folder/err"
verb 2 report --audience guests
expect_line 'one without a folder' 'the audience guests has no folder; give --output FOLDER' "$folder/err"
verb 2 report --at yesterday
expect_line 'a time that is none' '.--at is "yesterday", expected a time such as' "$folder/err"

# A page that is as it was is not written again, but by a program that writes pages otherwise, whatever its version: all of them.
writers=$(LC_ALL=C; cat web/*.c web/*.h web/*.inc | sha256sum | cut -c -16)
old() {
	find "$folder/report" -name '*.html' ! -name index.html ! -newermt 2026-01-02 | wc -l
}
find "$folder/report" -type f -exec touch -d 2026-01-01 {} +
all=$(old)
verb 0 report --audience desk --at 2026-11-23T12:00:00Z
kept=$(old)
[ "$kept" -gt $((all / 2)) ] || fail "of $all pages that are as they were $kept were kept"
LC_ALL=C sed "s/$writers/0123456789abcdef/" "$WATCHDESK" >"$folder/other" && chmod +x "$folder/other"
! cmp -s "$WATCHDESK" "$folder/other" || fail 'the program does not know what writes its pages'
"$folder/other" report --audience desk --at 2026-11-23T12:00:00Z --config "$config" >"$folder/out" 2>&1 || fail "the other program: $(cat "$folder/out")"
expect 'pages of another program' 0 "$(old)"
