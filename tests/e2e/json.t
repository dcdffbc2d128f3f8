#!/bin/sh
# A board that speaks JSON: the catalog leads to threads, each post is stored once; a broken answer is named and loses nothing.
. tests/e2e/lib.sh

mkdir -p "$folder/www/b/res"
cp tests/pages/vichan/catalog.json "$folder/www/b/"
cp tests/pages/vichan/thread.json "$folder/www/b/res/4100.json"
cat >"$folder/www/b/res/4090.json" <<-'END'
	{"posts":[{"no":4090,"com":"Remember the 11th of September 2001. Keep yourself distant from the cinemas that show The Interlude","name":"Anonymous","time":1795500000,"resto":0}]}
END
echo '{"posts":[{"no":4001,"filename":"a","ext":".png","name":"Anonymous","time":1795000000,"resto":0}]}' >"$folder/www/b/res/4001.json"
start_pages
configure <<'END'
  - {name: board, engine: vichan, url: "@URL@/b", allow_private: true, pace: 0}
END

verb 0 crawl
expect_line "the first round" '4 fetched, 0 unchanged, 0 failed, 3 new posts' "$folder/out"
verb 0 list --json
expect_line "the threat is found, at its own address" '"severity":[7-9][0-9],.*/b/res/4090.html#4090"' "$folder/out"
expect "health of the board" - "$(health_of board)"

verb 0 crawl
expect_line "the second round" ' 0 new posts, 0 new findings$' "$folder/out"
expect "what was read again and had not changed" 1 "$(count '/b/catalog.json HTTP/1.1" 304' "$folder/site.log")"

printf '[{"threads":[{"no":4100},' >"$folder/www/b/catalog.json"
touch -d '+1 minute' "$folder/www/b/catalog.json"
verb 0 crawl
expect_line "a broken answer fails" ' 1 failed, 0 new posts' "$folder/out"
verb 1 source health
expect_line "and is told with its place" 'not JSON at byte 25 of 25' "$folder/out"
verb 0 list
expect_line "the finding stays" 'The Interlude' "$folder/out"
