#!/bin/sh
# The clock goes back by a year between two rounds: it is said, and nothing waits for that year.
. tests/e2e/lib.sh

start_site
whole_site | configure
verb 0 crawl
db=$folder/store/watchdesk.db
year=31536000000000
sqlite3 "$db" "UPDATE health SET last_attempt_at = last_attempt_at + $year; UPDATE frontier SET due_at = due_at + $year, tries = 1
	WHERE due_at IS NOT NULL; INSERT INTO host VALUES ('$url', (SELECT max(last_attempt_at) FROM health))"
verb 0 crawl --verbose
expect_line "what is said" 'clock-went-back from=.* due_again=[1-9]' "$folder/err"
expect_line "what is read" '^[1-9][0-9]* fetched' "$folder/out"
expect "addresses that wait for that year" 0 "$(sqlite3 "$db" "SELECT count(*) FROM frontier WHERE due_at > (SELECT max(ended_at) FROM round) + 2 * 86400000000")"
verb 0 verify
