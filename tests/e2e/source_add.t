#!/bin/sh
# source add: what there is at an address is recognised, tried and written to the end of the list; all else in the file stays as it was.
. tests/e2e/lib.sh
mkdir "$folder/tmp"
export TMPDIR="$folder/tmp"

start_site
configure <<'END'
  - name: first   # with a comment
    feed: @URL@/feed.xml
    allow_private: true
  # - name: an example that is commented out

# The last words.
alerts_to_come: []
END
sed -i '/^alerts_to_come/d' "$config"
cp "$config" "$folder/before"

# A feed: its engine by its root, tried, written behind the commented example, the rest byte for byte.
verb 0 source add "$url/atom.xml" --allow-private --name atom-feed
expect_line "by which sign" '^recognised by //feed/entry' "$folder/out"
expect_line "what robots.txt says" '^robots.txt: allowed' "$folder/out"
expect_line "which pages were read" '^read    feed     http://127' "$folder/out"
expect_line "posts" '^[0-9]+ posts' "$folder/out"
expect_line "that it was added" '^atom-feed is added to ' "$folder/out"
diff "$folder/before" "$config" >"$folder/diff"
expect "lines that were changed" 0 "$(grep -c '^<' "$folder/diff")"
expect "lines that were added" "  - name: atom-feed
    engine: atom
    url: $url/atom.xml
    allow_private: true" "$(sed -n 's/^> //p' "$folder/diff")"
expect_line "they stand before the last words" '^# The last words' "$config"
expect "the last line" '# The last words.' "$(tail -n 1 "$config")"
verb 0 check
verb 0 source list
expect_line "it is a source" '^atom-feed +feed +watched' "$folder/out"
expect "files left" 0 "$(ls "$config".* 2>/dev/null | wc -l)"

# An address that is watched already: test tests its source.
verb 0 source test "$url/feed.xml"
expect_line "the pages of a source" "^read    feed     $url/feed.xml" "$folder/out"
verb 2 source add "$url/atom.xml" --allow-private
expect_line "who watches it" 'watches this address already: the source atom-feed in line' "$folder/err"
verb 2 source add "$url/archive" --allow-private --name atom-feed
expect_line "a name twice" 'has a source called atom-feed already' "$folder/err"

# A listing that nobody described: a guess, printed only, then added.
cp "$config" "$folder/before"
verb 0 source add "$url/archive" --allow-private --dry-run
expect_line "it is a guess" '^a guess, where each page is one post: [0-9]+ links are alike, such as http' "$folder/out"
expect_line "its links" '^    links: //.*/a\[starts-with' "$folder/out"
expect_no_line "nothing was tried" '^[0-9]+ posts' "$folder/out"
cmp "$folder/before" "$config" || fail "the configuration was changed"
verb 0 source add "$url/archive" --allow-private --json
expect_json add "$folder/out"
expect_line "its name is the host's" '^  - name: 127\.0\.0\.1$' "$config"
verb 0 check

# Nothing is written that gives nothing; --anyway writes it.
cp "$config" "$folder/before"
verb 1 source add "$url/motd.txt" --allow-private
expect_line "nothing is known of a text" 'nothing is recognised at ' "$folder/err"
verb 4 source add http://127.0.0.1:1/ --allow-private
expect_line "a host that is down, and what to do" 'connect: .*; is the host up' "$folder/err"
verb 4 source add "$url/atom.xml?private"
expect_line "a private address, and what to do" 'denied: .*allow_private: true' "$folder/err"
verb 2 source add 'ftp://example.com/'
expect_line "no address" 'is no address, expected https' "$folder/err"
cmp "$folder/before" "$config" || fail "the configuration was changed"

# A list in brackets is left to a person.
sed -i '/^sources:/,$d' "$config"
echo 'sources: []' >>"$config"
verb 2 source add "$url/atom.xml" --allow-private
expect_line "brackets" ':[0-9]+: the sources stand behind `sources:`, expected lines below it' "$folder/err"
expect "folders left" 0 "$(ls "$TMPDIR" | wc -l)"
