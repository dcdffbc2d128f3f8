#!/bin/sh
# A source is not watched because it answers: what its list says moved is read again, what went by unseen is told, and so is a
# page that came in the place of the list, a list that lost its shape, and a post that has to be there and is not.
. tests/e2e/lib.sh

mkdir -p "$folder/www/list" "$folder/www/t"
echo 1700000000 >"$folder/now"

# page PATH: written whole, and newer by the clock of the file system than whatever stood there before.
page() {
	now=$(($(cat "$folder/now") + 2))
	echo "$now" >"$folder/now"
	{
		printf '<!DOCTYPE html><meta charset=utf-8><title>A board</title>\n'
		cat
	} >"$folder/page"
	touch -d "@$now" "$folder/page"
	mv "$folder/page" "$folder/www/$1"
}

# list PATH NEXT THREAD:REPLIES...
list() {
	path=$1 next=$2
	shift 2
	{
		echo '<table>'
		for row in "$@"; do
			echo "<tr><td><a class=thread href=/t/${row%:*}.html>Thread ${row%:*}</a><td class=replies>${row#*:}"
		done
		echo '</table>'
		[ "$next" = - ] || echo "<a rel=next href=$next>older</a>"
	} | page "$path"
}

# thread NAME WORDS...: a post for each.
thread() {
	name=$1
	shift
	for words in "$@"; do
		echo "<article id=$name-$(echo "$words" | cksum | cut -d' ' -f1)><b>ada</b><div>$words</div></article>"
	done | page "t/$name.html"
}

start_pages
configure <<'END'
  - name: board
    listing: "@URL@/list/1.html"
    links: //a[@class="thread"]/@href
    activity: ancestor::tr[1]/td[@class="replies"]
    next: //a[@rel="next"]/@href
    pages: 2
    post: {item: //article, key: "@id", author: ./b, text: ./div}
    canary: the light in the hall is on
    canary_within: 1h
    pace: 0
    every: 10m
    allow_private: true
END

mark() {
	marked=$(wc -l <"$folder/site.log")
}

# requests PATH STATUS: since the mark; both are patterns.
requests() {
	tail -n "+$((marked + 1))" "$folder/site.log" | grep -cE "\"GET $1 HTTP/1.1\" $2"
}

health() {
	"$WATCHDESK" source health --json --config "$config" 2>/dev/null | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",]*\).*/\1/p"
}

posts() {
	query 'SELECT count(*) FROM post'
}

for n in 2 3 4 5; do
	thread a$n "first words of $n" "more words of $n"
done
thread a1 'the light in the hall is on' 'more words of 1'
list list/1.html - a1:1 a2:1 a3:1 a4:1 a5:1
verb 0 crawl
expect 'posts of the first round' 10 "$(posts)"
expect 'the state after it' ok "$(health state)"

mark
verb 0 crawl
expect 'requests of a round without news, but for robots.txt' 1 "$(requests '/[lt].*' '...')"
expect 'of these unchanged' 1 "$(requests /list/1.html 304)"

thread a3 'first words of 3' 'more words of 3' 'a reply to 3'
thread a4 'first words of 4' 'more words of 4' 'a reply that the list does not tell of'
list list/1.html - a3:2 a1:1 a2:1 a4:1 a5:1
mark
verb 0 crawl
expect 'requests when one thread moved' 2 "$(requests '/[lt].*' '...')"
expect 'the thread that moved' 1 "$(requests /t/a3.html 200)"
expect 'posts after it' 11 "$(posts)"

for n in 1 2 3; do
	thread b$n "words of b$n"
	thread c$n "words of c$n"
done
list list/1.html /list/2.html b1:0 b2:0 b3:0
list list/2.html /list/3.html c1:0 a3:2 a1:1
list list/3.html - a5:1
mark
verb 0 crawl
expect 'the second page is read when all of the first is new' 1 "$(requests /list/2.html 200)"
expect 'and the third is not' 0 "$(requests /list/3.html '...')"
expect 'no gap: what was known is there' 0 "$(health gaps)"
mark
list list/1.html /list/2.html b1:1 b2:0 b3:0
verb 0 crawl
expect 'the second page, when the first has old things' 0 "$(requests /list/2.html '...')"

for n in 4 5 6 7; do
	thread b$n "words of b$n"
done
list list/1.html /list/2.html b4:0 b5:0
list list/2.html /list/3.html b6:0 b7:0
mark
verb 0 crawl
expect 'the second page, known already' 1 "$(requests /list/2.html 200)"
expect 'gaps when both pages have only new things' 1 "$(health gaps)"
expect 'the state with a gap' gaps "$(health state)"

echo '<title>Just a moment...</title><div id=challenge-form></div>' | page list/1.html
verb 0 crawl
expect 'the class of a challenge' captcha "$(health failure)"
expect 'its name' 'Cloudflare challenge' "$(health detail | head -1)"
verb 1 source health
expect_line 'the sentence' '^watchdesk: 1 of 1 sources not well: board \(failing\)$' "$folder/err"

query 'UPDATE frontier SET tries = 0'
echo '<ul><li><a href=/t/b4.html>all is new here</a></ul>' | page list/1.html
verb 0 crawl
expect 'the class of a list that lost its shape' layout "$(health failure)"

query 'UPDATE frontier SET tries = 0; UPDATE health SET canary_due_at = canary_due_at - 7200000000'
list list/1.html - b4:0 b5:0
verb 0 crawl
expect 'without its canary' 'no canary' "$(health state)"
query 'UPDATE gap SET until = until - 100000000000'
list list/1.html - b4:0 a1:2
thread a1 'the light in the hall is on' 'more words of 1' 'and a reply'
verb 0 crawl
expect 'with its canary again' ok "$(health state)"

mark
hour=$(date -u +%H)
sed -i "s|^    every: 10m|&\n    hours: $(printf '%02d' $(((${hour#0} + 2) % 24))):00-$(printf '%02d' $(((${hour#0} + 4) % 24))):00|" "$config"
thread a2 'first words of 2' 'more words of 2' 'late words'
list list/1.html - a2:2 a1:3
verb 0 crawl
expect 'requests out of its hours' 0 "$(requests '/.*' '...')"
