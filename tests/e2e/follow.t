#!/bin/sh
# What a finding links to on another site is read there too, when that source is followed: one step, and nothing else.
. tests/e2e/lib.sh

mkdir -p "$folder/www/paste/raw"
start_pages
cat >"$folder/www/list.html" <<'END'
<a class=t href=/one.html>Warning to the cinemas</a> <a class=t href=/two.html>Small talk</a>
END
cat >"$folder/www/one.html" <<END
<article id=p1><b>eve</b><div>Remember the 11th of September 2001. Keep yourself distant from the cinemas that show The Interlude.
More of it at 127.0.0.1:$port/more1, and at http://127.0.0.1:$port/list.html</div></article>
END
cat >"$folder/www/two.html" <<END
<article id=p2><b>ada</b><div>My recipe is at http://127.0.0.1:$port/soup</div></article>
END
cat >"$folder/www/paste/raw/more1.txt" <<END
Remember the 11th of September 2001. Keep yourself distant from the cinemas that show The Interlude. 127.0.0.1:$port/more2
END
echo 'a recipe' >"$folder/www/paste/raw/soup.txt"
echo 'another step' >"$folder/www/paste/raw/more2.txt"

sources() {
	configure <<-END
	  - name: board
	    listing: "@URL@/list.html"
	    links: //a[@class="t"]/@href
	    post: {item: //article, key: "@id", author: ./b, text: ./div}
	    pace: 0
	    every: 1s
	    allow_private: true
	  - name: pastes
	    raw: "@URL@/paste/raw/{key}.txt"
	    $1
	    pace: 0
	    allow_private: true
	END
}

keys() {
	query "SELECT group_concat(key, ' ') FROM (SELECT key FROM post ORDER BY key)"
}

sources 'enabled: false
    off: nobody reads it'
verb 0 crawl
expect 'nothing is followed by itself' 'p1 p2' "$(keys)"
rm -rf "$folder/store"

sources 'followed: true'
verb 0 check
verb 0 crawl
sleep 1
verb 0 crawl
expect 'one step is followed, from the finding alone' 'more1 p1 p2' "$(keys)"
verb 0 list --json
expect_line 'it says where it was linked' '"title":"linked in board' "$folder/out"
