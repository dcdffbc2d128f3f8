#!/bin/sh
# The monitor runs on `store: postgresql://...` as it does on SQLite: the same findings, once, and nothing in the open.
. tests/e2e/lib.sh

[ -n "${POSTGRES:-}" ] || { echo "skipped: PostgreSQL is not installed"; exit 0; }
question=${POSTGRES##*\?}
name=e2e_$$
psql -q "$POSTGRES" -c "CREATE DATABASE $name" || fail "createdb"

findings() { # what does not depend on time and chance
	"$WATCHDESK" list --json --config "$config" | sed 's/"id":"[0-9a-f]*",//; s/"\(found\|changed\|first_seen\|last_seen\|posted\)[a-z_]*":[^,}]*//g' | sort
}

start_site
whole_site | configure
verb 0 crawl
findings >"$folder/sqlite"
[ "$(wc -l <"$folder/sqlite")" -gt 20 ] || fail "too few findings on SQLite"

mv "$folder/store" "$folder/store.sqlite"
sed -i "s|^contact:.*|&\nstore: postgresql://watchdesk@/$name?$question|" "$config"
verb 0 check
verb 0 crawl
findings >"$folder/postgresql"
diff "$folder/sqlite" "$folder/postgresql" >&2 || fail "the findings differ"
[ ! -e "$folder/store/watchdesk.db" ] || fail "a database file was made"

# Nothing that was leaked stands in the database, in whichever form it keeps it; the texts are compressed, so search is asked too.
dump=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)/pg_dump
"$dump" "postgresql://watchdesk@/$name?$question" >"$folder/dump" || fail "pg_dump"
[ "$(grep -c '^COPY' "$folder/dump")" -gt 30 ] || fail "the dump is too short"
for secret in Usher-7-Balcony-3 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 Pepper9160; do
	expect_no_line "the database" "$secret" "$folder/dump"
	verb 0 search "$secret" --json
	expect "posts found by $secret" 0 "$(grep -c . "$folder/out")"
done

# A second round finds nothing new.
verb 0 crawl
expect_line "the second round" '(^|[^0-9])0 new posts, 0 new findings' "$folder/out"

# What an analyst says there is learned from too.
verb 0 list --json
"$WATCHDESK" mark "$(tail -n 1 "$folder/out" | sed 's/{"id":"\([0-9a-f]*\)".*/\1/')" false-positive --config "$config" >"$folder/out" || fail "mark"
verb 0 train --with-verdicts --no-own-texts --output "$folder/language.bin"
expect_line "the verdict" '^  verdict +1 +0$' "$folder/out"

# The other verbs.
id=$("$WATCHDESK" list --json --config "$config" | sed -n '1s/^{"id":"\([0-9a-f]*\)".*/\1/p')
verb 0 show "$id"
verb 0 mark "$id" known --note "seen by legal"
verb 0 search 'example*'
[ -s "$folder/out" ] || fail "search finds nothing"
verb 1 source health
verb 0 report
expect_no_line "the report" "$id" "$folder/report/index.html"
verb 0 mark "$id" confirmed
verb 0 report
grep -q "$id" "$folder/report/index.html" || fail "the report lacks a finding"

# An address that leads nowhere: one sentence, no password.
sed -i "s|^store:.*|store: postgresql://somebody:hunter2@/$name?host=$folder/nowhere|" "$config"
verb 3 list
expect_no_line "the sentence" hunter2 "$folder/err"
psql -q "$POSTGRES" -c "DROP DATABASE $name" || fail "a connection was left open"
