#!/bin/sh
# A real wiki: DokuWiki's, on loopback, filled through its own tool. Each change must be found once, over all rounds, and a feed
# that did not change come back as 304. The wiki is recognised by one of its pages.
# usage: WATCHDESK=PROGRAM sh tests/real/dokuwiki.t     (needs Debian's dokuwiki, php-cli, php-xml, sqlite3; skipped without)
. tests/real/lib.sh
needs php sqlite3
[ -d /usr/share/dokuwiki ] || { echo "skipped: no dokuwiki"; exit 0; }

# A wiki of its own: the package's program, with a configuration and pages in the folder.
start_wiki() {
	cp -rL /usr/share/dokuwiki "$folder/wiki" && cp -rL /etc/dokuwiki "$folder/conf" || fail "the wiki cannot be copied"
	for part in attic cache index locks log media media_attic media_meta meta pages tmp; do
		mkdir -p "$folder/data/$part"
	done
	echo "<?php define('DOKU_CONF', '$folder/conf/');" >"$folder/wiki/inc/preload.php"
	cat >"$folder/conf/local.php" <<-END
	<?php
	\$conf['title'] = 'Projection room';
	\$conf['savedir'] = '$folder/data';
	\$conf['useacl'] = 0;
	\$conf['updatecheck'] = 0;
	\$conf['rss_update'] = 0;
	END
	(cd "$folder/wiki" && exec php -S 127.0.0.1:0) >"$folder/server.log" 2>&1 &
	server=$!
	wait_for_port 'php' 's,.*Server (http://127.0.0.1:\([0-9]*\)) started.*,\1,p' "$folder/server.log"
}

# page NAME SUMMARY: the text comes from standard input
page() {
	cat >"$folder/page.txt"
	php "$folder/wiki/bin/dwpage.php" commit -m "$2" "$folder/page.txt" "$1" >"$folder/dwpage" 2>&1 || fail "dwpage: $(cat "$folder/dwpage")"
}

crawl() {
	"$watchdesk" crawl --config "$folder/watchdesk.yaml" >"$folder/round" 2>&1
	[ $? -le 1 ] || fail "crawl: $(cat "$folder/round")"
	sleep 1.1
}

query() {
	sqlite3 -readonly "$folder"/store/watchdesk.db "$1"
}

start_wiki
page lamps 'the small hall' <<'END'
====== Lamps ======
marker-01 The lamp of the small hall flickers.
END
page bread 'for monday' <<'END'
marker-02 500 g flour, a night in the cold.
END
cat >"$folder/watchdesk.yaml" <<END
organisation: Example Pictures
contact: watchdesk@example.com
store: store
report: report
assets:
  - name: Example Pictures
    domains: [example.com]
END
"$watchdesk" source add "http://127.0.0.1:$port/doku.php?id=lamps" --name wiki --allow-private --config "$folder/watchdesk.yaml" \
	>"$folder/out" 2>&1 || fail "source add: $(cat "$folder/out")"
expect 'the wiki is recognised' "    engine: dokuwiki
    url: http://127.0.0.1:$port" "$(grep -E '^    (engine|url): ' "$folder/watchdesk.yaml")"
printf '    every: 1s\n    pace: 0\n' >>"$folder/watchdesk.yaml"
crawl
expect 'the first round stores two changes' 2 "$(query 'SELECT count(*) FROM post')"
crawl
expect 'the second adds none, for nothing changed: a 304' "2 1" "$(query 'SELECT (SELECT count(*) FROM post), not_modified FROM health' | tr '|' ' ')"
sleep 1 # a revision of DokuWiki is the second in which it was written
page lamps 'again' <<'END'
====== Lamps ======
marker-03 It was the ballast.
END
page soup 'new' <<'END'
marker-04 Lentils.
END
find "$folder/data/cache" -name '*.feed' -delete # the wiki makes its feed anew when it is old enough: rss_update, here never
crawl
crawl # the wiki named the second in which it began to make the feed; from now on it names that in which it had made it
crawl
expect 'each seeded text is found once' 4 "$(query 'SELECT count(*) FROM post')"
expect 'by its author, with its time' 4 "$(query "SELECT count(*) FROM post WHERE author <> '' AND posted_at IS NOT NULL AND posted_zone_known = 1")"
for n in 1 2 3 4; do
	expect "text $n" 1 "$("$watchdesk" search "\"marker 0$n\"" --json --config "$folder/watchdesk.yaml" | grep -c '"source":"wiki"')"
done
expect 'three rounds came back with nothing new' 3 "$(query 'SELECT not_modified FROM health')"
expect 'the server saw it too' 304 "$(sed -n 's,.*\[\([0-9]*\)\]: GET /feed.php.*,\1,p' "$folder/server.log" | tail -n 1)"
expect 'the source is healthy' 1 "$(query 'SELECT count(*) FROM health WHERE failure IS NULL')"
