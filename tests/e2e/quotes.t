#!/bin/sh
# A threat that stands in a quotation alone is found all the same, as quoted lines before the author's own words.
. tests/e2e/lib.sh

mkdir "$folder/www"
threat='Remember the 11th of September 2001. We recommend you keep yourself distant from the places at that time that show The Interlude.'
cat >"$folder/www/list.html" <<'END'
<a class=t href=/one.html>What is this about</a>
END
cat >"$folder/www/one.html" <<END
<article id=p1><b>ada</b><div>Did anybody see that message about the cinemas?</div></article>
<article id=p2><b>bob</b><div><blockquote>$threat</blockquote> I had it by mail, yes.</div></article>
END
start_pages
configure <<'END'
  - name: board
    listing: "@URL@/list.html"
    links: //a[has-class('t')]/@href
    post: {item: //article, key: "@id", author: ./b, text: ./div, quotes: .//blockquote}
    pace: 0
    allow_private: true
END
verb 0 crawl
verb 0 list --json
expect 'findings' 1 "$(wc -l <"$folder/out")"
expect_line 'the reply is one' '"author":"bob"' "$folder/out"
id=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/out")
verb 0 show "$id" --json
expect_line 'what it quotes, then its own words' '> Remember the 11th of September.*I had it by mail' "$folder/out"
