#!/bin/sh
# A host that asked for an hour of silence is left alone, its robots.txt too, and the round does not wait for it.
. tests/e2e/lib.sh

start_site
whole_site | configure
verb 0 crawl
query "INSERT INTO host VALUES ('$url', (SELECT max(ended_at) + 3600000000 FROM round))"
asked=$(wc -l <"$folder/site.log")
verb 0 crawl
expect "requests during the silence" "$asked" "$(wc -l <"$folder/site.log")"
