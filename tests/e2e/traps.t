#!/bin/sh
# Lists that never end: each costs as many pages as its source allows in a round and no more, stores nothing twice whatever session it
# writes into its addresses, and what is too large is named; the others are read all the same.
. tests/e2e/lib.sh

# NAME: a source of three pages a round
trap_source() {
	printf '  - name: %s\n    listing: "@URL@/trap/%s"\n    links: //table[@class="maintable"]//a/@href\n    raw: "{href}"\n' "$1" "$1"
	printf '    next: //a[@rel="next"]/@href\n    pages: 3\n    pace: 0\n    every: 1h\n    allow_private: true\n'
}

requests() {
	count " GET /trap/$1" "$folder/site.log"
}

posts_of() {
	sqlite3 -readonly "$folder/store/watchdesk.db" "SELECT count(*) FROM post JOIN source ON source.id = source_id WHERE name = '$1'"
}

start_site
for name in endless calendar there news self million; do
	trap_source $name
done | configure

verb 0 crawl
expect "pages of a list without end" 3 "$(requests 'endless')"
expect "pages of a calendar" 3 "$(requests 'calendar')"
expect "pages of two that lead to each other" 2 "$(requests '(there|back)[? ]')"
expect "pages of two that have nothing but news each time" 2 "$(requests '(more-)?news[? ]')"
expect "pages of one that leads to itself" 1 "$(requests 'self[? ]')"
expect "a page of a million links is too large, and said to be" limit "$(health_of million)"
for name in endless calendar there news self; do
	expect "health of $name" - "$(health_of $name)"
done
expect "posts of an endless list" 9 "$(posts_of endless)"
expect "posts of a calendar" 9 "$(posts_of calendar)"
expect "posts of two pages" 6 "$(posts_of there)"
expect "posts of what is always new" 6 "$(posts_of news)"
expect "posts of one page" 3 "$(posts_of self)"
known=$(sqlite3 -readonly "$folder/store/watchdesk.db" "SELECT count(*) FROM frontier")
sed -i '/^  - name: news/,/allow_private/d' "$config"

# Two more rounds, each with other sessions in every address: nothing is new.
verb 0 crawl
verb 0 crawl
expect "posts of three rounds" 33 "$(sqlite3 -readonly "$folder/store/watchdesk.db" "SELECT count(*) FROM post")"
expect "addresses that are known" "$known" "$(sqlite3 -readonly "$folder/store/watchdesk.db" "SELECT count(*) FROM frontier")"
expect "pages of an endless list in three rounds, of which two bring nothing new" 5 "$(requests 'endless')"
