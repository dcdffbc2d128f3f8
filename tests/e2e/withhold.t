#!/bin/sh
# What a rule withholds is reported and not stored: no byte of it is in the store, the log, the report or the evidence.
. tests/e2e/lib.sh

mkdir -p "$folder/www" "$folder/rules"
cat >"$folder/rules/house.yaml" <<'END'
rules:
  - id: house-marker
    title: what the house may not keep
    pattern: 'QUARTZ-[0-9]{4}'
    confidence: high
    severity: high
    withhold: true
END
cat >"$folder/www/list.html" <<'END'
<a class=t href=/one.html>A thread</a> <a class=t href=/two.html>QUARTZ-7001 is the title</a>
END
cat >"$folder/www/one.html" <<'END'
<article id=p1><b>ada</b><div>An ordinary post.</div></article>
<article id=p2><b>bob</b><div>Look at QUARTZ-7002, unspeakable words here.</div></article>
<article id=p3><b>eve</b><div>Remember the 11th of September 2001. Keep yourself distant from the cinemas that show The Interlude.</div></article>
END
cat >"$folder/www/two.html" <<'END'
<article id=p4><b>ada</b><h2>QUARTZ-7003</h2><div>unspeakable words again</div></article>
<article id=p5><b>ada</b><h2>Reply</h2><div>nothing to see</div></article>
END
start_pages
configure <<'END'
  - name: board
    listing: "@URL@/list.html"
    links: //a[@class="t"]/@href
    post: {item: //article, key: "@id", author: ./b, title: ./h2, text: ./div}
    pace: 0
    every: 1s
    allow_private: true
END
sed -i '1irules: rules' "$config"

verb 0 crawl
verb 0 crawl
expect 'what is stored' 'p1 p3 p5' "$(query "SELECT group_concat(key, ' ') FROM (SELECT key FROM post ORDER BY key)")"
expect 'what is withheld' '2 house-marker' "$(query "SELECT count(*) || ' ' || max(rule) FROM withheld")"
expect 'acts of custody' 2 "$(query "SELECT count(*) FROM custody WHERE act = 'withhold'")"
verb 0 source health
expect_line 'the health tells' '2 kept out of the store by rules' "$folder/out"
verb 0 list
expect_line 'what stood beside it is found' 'Interlude' "$folder/out"
expect 'but the page it stood on is not kept as evidence' 0 "$(query 'SELECT count(*) FROM evidence')"
verb 0 report
cat "$folder"/report/source/*.html >"$folder/out"
expect_line 'the report tells' 'Withheld by rules' "$folder/out"
for words in QUARTZ-70 unspeakable; do
	! grep -rqa "$words" "$folder/store" "$folder/report" "$folder/err" || fail "$words is in $(grep -rla "$words" "$folder/store" "$folder/report" "$folder/err")"
done
verb 0 verify
