#!/bin/sh
# A source's cookies are there again after a restart, reach no other source and no evidence, and go when their source goes.
. tests/e2e/lib.sh
db=$folder/store/watchdesk.db

# source_of NAME PATH
source_of() {
	printf '  - name: %s\n    files: ["@URL@%s"]\n    pace: 0\n    every: 1h\n    allow_private: true\n' "$1" "$2"
}

start_site
{
	source_of visitor /cookies
	source_of stranger /cookies/0
} | configure
verb 0 crawl
expect "the store's cookies" visitor "$(sqlite3 "$db" "SELECT name FROM session JOIN source ON id = source_id WHERE cookies LIKE '%marmalade%'")"
sqlite3 "$db" 'UPDATE frontier SET due_at = 0'
verb 0 crawl
verb 0 search visit
expect_line "what the site was sent" '/cookies' "$folder/out"
verb 0 search nutmeg
expect "posts that hold what was sent" 1 "$(count "/cookies\$" "$folder/out")"
expect "sources that were sent the other's" 0 "$(grep -c '/cookies/0' "$folder/out")"
{
	source_of other /cookies/0
} | configure
verb 0 crawl
expect "cookies of a source that is no more" 0 "$(sqlite3 "$db" 'SELECT count(*) FROM session')"
