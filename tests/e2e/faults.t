#!/bin/sh
# Everything that a site can do wrong, each a source of its own: health names it, and the others are read all the same.
. tests/e2e/lib.sh

# NAME ADDRESS [LINE]: a source of one page
page() {
	printf '  - name: %s\n    files: ["%s"]\n    pace: 0\n    every: 1h\n    %s\n' "$1" "$2" "${3-allow_private: true}"
}

# NAME ADDRESS: a source with a listing
listing() {
	printf '  - name: %s\n    listing: "%s"\n    links: //table[@class="maintable"]//a/@href\n    raw: "@URL@/raw/{key}"\n' "$1" "$2"
	printf '    pace: 0\n    every: 1h\n    allow_private: true\n'
}

start_site
{
	page denied @URL@/raw/soup 'allow_private: false' # first, so that what it is refused could reach the others
	page unknown-host http://nobody.invalid/page
	page nobody-listens http://127.0.0.1:1/page
	page metadata http://169.254.169.254/latest/
	page busy http://localhost:@PORT@/fault/busy # its silence is that of another host name
	page forbidden @URL@/private/private-payroll
	for fault in broken truncated chunked cut loop scheme header bomb not-gzip inside moved nested; do
		page $fault @URL@/fault/$fault
	done
	listing no-row @URL@/fault/empty
	listing login @URL@/fault/login
	page good @URL@/raw/warning
} | configure

verb 0 crawl
while read -r name class; do
	expect "health of $name" "$class" "$(health_of "$name")"
done <<'END'
denied denied
unknown-host DNS
nobody-listens connect
metadata denied
busy -
forbidden robots
broken HTTP
truncated HTTP
chunked -
cut HTTP
loop HTTP
scheme HTTP
header limit
bomb content
not-gzip content
inside denied
moved -
nested -
no-row empty
login login
good -
END
verb 0 list
expect_line "the threat was found beside all that" '(WARNING|/raw/warning)$' "$folder/out"
verb 0 search 'verse 20 of a song about the harbour'
expect_line "the text that came in chunks is whole" '/fault/chunked' "$folder/out"
expect "requests for what robots.txt forbids" 0 "$(count ' GET /private/' "$folder/site.log")"

# A failing address is left alone until its time has come; the next round is about those that answer.
requests=$(wc -l <"$folder/site.log")
verb 0 crawl
sed "1,${requests}d" "$folder/site.log" >"$folder/second.log"
expect "faults that were asked for again at once" 0 "$(count '/fault/(broken|truncated|loop|header|bomb|not-gzip) ' "$folder/second.log")"
