#!/bin/sh
# source test: what a source would give is shown, from few of its pages, and nothing of it is kept; a source that gives nothing says why.
. tests/e2e/lib.sh
mkdir "$folder/tmp"
export TMPDIR="$folder/tmp"

start_site
whole_site | configure

verb 0 source test smallpaste
expect_line "what came" '^3 posts: 0 with an author, 0 with a time, 3 with a title' "$folder/out"
expect_line "what a post says" '^  This is the third letter to Example Pictures' "$folder/out"
expect "requests for pastes" 3 "$(count ' GET /raw/' "$folder/site.log")"
[ ! -e "$folder/store" ] || fail "the store of the configuration was made"
expect "folders left" 0 "$(ls "$TMPDIR" | wc -l)"

verb 0 source test smallpaste --json
expect_json source "$folder/out"
expect "posts in JSON" 3 "$(wc -l <"$folder/out")"

verb 0 source test projection-room
expect_line "a post with its time and author" '^20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{5}  [a-z_0-9]+' "$folder/out"

# Sources that give nothing say why: one whose site fails, one whose pages do not hold what its definition looks for.
verb 1 source test out-of-order
expect_line "a site that fails" '^watchdesk: out-of-order gave no post: HTTP: ' "$folder/err"
sed -i 's|//a\[@class="thread"\]/@href|//a[@class="nowhere"]/@href|' "$config"
verb 1 source test projection-room
expect_line "a listing without links" '^watchdesk: projection-room gave no post: empty: ' "$folder/err"

verb 2 source test nobody
expect_line "a source that is not there" 'names no source "nobody"' "$folder/err"
