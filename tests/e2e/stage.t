#!/bin/sh
# Each stage answers a line with a line; a bad one with {"error"}, and the next one all the same.
. tests/e2e/lib.sh

url=http://paste.example.net port=80
configure <<'END'
  - name: smallpaste
    listing: "@URL@/archive"
    links: //table[@class="maintable"]//td[1]/a/@href
    raw: "@URL@/raw/{key}"
END

# stage NAME PATTERN LINE: the answer matches; then the same between two lines that cannot be answered
stage() {
	printf '%s\n' "$3" >"$folder/in"
	"$WATCHDESK" stage "$1" --config "$config" <"$folder/in" >"$folder/out" 2>"$folder/err"
	expect "exit code of stage $1" 0 $?
	expect "lines of stage $1" 1 "$(wc -l <"$folder/out")"
	expect_line "stage $1" "$2" "$folder/out"
	cp "$folder/out" "$folder/answer"
	printf '%s\n' 'nonsense' "$3" '{"text":3,"html":3,"path":3,"input":3,"robots_txt":3}' '' >"$folder/in"
	"$WATCHDESK" stage "$1" --config "$config" <"$folder/in" >"$folder/out" 2>"$folder/err"
	expect "exit code of stage $1 after a bad line" 1 $?
	expect_line "stage $1 says what is wrong" '^\{"error":"not JSON' "$folder/out"
	expect "answers of stage $1 to bad lines" 3 "$(count '^\{"error":"' "$folder/out")"
	expect "stage $1 beside bad lines" "$(cat "$folder/answer")" "$(sed -n 2p "$folder/out")"
}

cat >"$folder/page.html" <<'END'
<!DOCTYPE html><title>Archive</title><table class="maintable"><tr><td><a href="/k1">one</a><td>x</table>
END
cat >"$folder/feed.xml" <<'END'
<?xml version="1.0"?><rss version="2.0"><channel><title>Board</title><item><guid>1</guid><title>One</title></item></channel></rss>
END

stage robots '"allowed":false,"line":2,"rule":"[Dd]isallow: /p"' \
	'{"robots_txt":"User-agent: *\nDisallow: /p","user_agent":"watchdesk","url":"https://a.example/private"}'
stage url '"href":"https://a.example/c"' '{"input":"../c","base":"https://a.example/b/"}'
stage charset '"encoding":"windows-1252"' '{"base64":"Y2Fm6Q==","content_type":"text/html; charset=iso-8859-1"}'
stage text '"title":"T","text":"hello' '{"html":"<title>T</title><p>hello<script>x</script>","url":"https://a.example/"}'
stage feed '"kind":"rss.*"title":"Board".*"One"' "{\"path\":\"$folder/feed.xml\",\"url\":\"https://a.example/feed\"}"
stage posts '"links":\["http://paste.example.net/(raw/)?k1"\]' \
	"{\"path\":\"$folder/page.html\",\"url\":\"$url/archive\",\"source\":\"smallpaste\"}"
stage fold '"folded":"password"' '{"text":"\uff30assword"}'
stage scan '"id":"7","severity":[0-9]+,.*"leak"' '{"id":"7","text":"vault-admin@example.com:Reel-4-Temp!"}'
expect_no_line "stage scan shows no secret" 'Reel-4-Temp' "$folder/out"
