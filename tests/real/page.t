#!/bin/sh
# The report in a real browser, with more than 500 hostile texts of our own in every field: by playwright-core in Chromium, held
# by axe-core, vnu and csp_evaluator; its feeds read by feedparser.
# usage: WATCHDESK=PROGRAM sh tests/real/page.t     (needs chromium, node, npm, pdftotext, python3-feedparser; java for vnu; skipped without)
. tests/real/lib.sh
needs chromium node pdftotext
python=/usr/bin/python3 # Debian's own, which sees Debian's modules
$python -c 'import feedparser' 2>/dev/null || { echo "skipped: no python3-feedparser"; exit 0; }
tests/npm playwright-core@1 axe-core@4 vnu-jar@26 csp_evaluator@1 >"$folder/npm" 2>&1 || { echo "skipped: $(cat "$folder/npm")"; exit 0; }
export NPM=build/npm/node_modules

verb() { # CODE VERB...: ends with that code
	code=$1
	shift
	"$watchdesk" "$@" --config "$folder/watchdesk.yaml" >"$folder/out" 2>&1
	[ $? -eq "$code" ] || fail "$1: $(cat "$folder/out")"
}

cat >"$folder/watchdesk.yaml" <<END
organisation: 'Example </title><script>alert(1)</script> "Pictures'
contact: watchdesk@example.com
zone: Europe/Berlin
store: store
report: report
audiences:
  desk: {address: "https://reports.example.com/desk"}
  management: {report: report-management}
assets:
  - name: '<img src=x onerror=alert(1)> Example "Pictures'
    domains: [example.com]
sources:
  - name: piped
    folder: $folder/piped
    format: jsonl
    every: 1h
    post: {item: \$, key: "@.key", title: "@.title", author: "@.author", url: "@.url", date: "@.date", text: "@.text"}
END
mkdir "$folder/piped"
node tests/real/page/texts.mjs >"$folder/piped/posts.jsonl"
wanted=$(wc -l <"$folder/piped/posts.jsonl")
[ "$wanted" -gt 500 ] || fail "only $wanted texts"
verb 0 crawl
"$watchdesk" list --all --json --limit 10000 --config "$folder/watchdesk.yaml" >"$folder/list"
expect 'each text is a finding' "$wanted" "$(wc -l <"$folder/list")"
one=$(sed -n '1s/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/list")
verb 0 mark "$one" confirmed --note '<script>alert("note")</script>'

# A takedown with hostile words in all that a desk may write of it.
verb 0 takedown open "$one" --grounds credentials --json
case=$(sed -n '1s/^{.*"takedown":"\([0-9a-f]*\)".*/\1/p' "$folder/out")
verb 0 takedown target "$case" 'https://mirror.example/?<script>alert("target")</script>'
verb 0 takedown note "$case" '</main><script>alert("note")</script>'
verb 0 takedown draft "$case" --template host-terms --to abuse@example.net --subject '</title><script>alert("subject")</script>'
verb 0 report --at 2026-11-23T12:00:00Z
ls "$folder"/report/takedown/*.html "$folder"/report/campaign/*.html >"$folder/cases" 2>&1 || fail "no page of a takedown or a campaign: $(cat "$folder/cases")"
$python tests/real/page/feeds.py "$folder/report" https://reports.example.com/desk/ "$wanted" || exit 1
$python tests/real/page/feeds.py "$folder/report-management" '' "$wanted" || exit 1
for kind in takedown campaign source asset; do
	[ -n "$(find "$folder/report/$kind" -name '*.html')" ] || fail "no page of a $kind"
done
node tests/real/page/look.mjs "$folder/report" || exit 1

# All kinds of pages, of which there are many some.
command -v java >/dev/null || { echo 'skipped: vnu, for there is no java'; exit 0; }
(cd "$folder" && find report report-management -name '*.html' ! -path '*/finding/*' | sort | head -n 60 && find report/finding report-management/finding | sort | sed -n '2,20p') >"$folder/pages"
# vnu compares no hashes, so what it says of the policy is left to Chromium.
modules=$PWD/$NPM
(cd "$folder" && xargs java -Xmx512m -jar "$modules/vnu-jar/build/dist/vnu.jar" --Werror --stdout --filterpattern '.*violates Content Security Policy.*' <pages >vnu 2>&1) || fail "vnu: $(head -n 20 "$folder/vnu")"
echo "ok: vnu has nothing to say of $(wc -l <"$folder/pages") pages"
