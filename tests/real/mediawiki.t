#!/bin/sh
# A real wiki: MediaWiki's, on loopback with SQLite, filled through its own tool. Each revision must be found once, over three rounds.
# The wiki is recognised by one of its pages.
# usage: WATCHDESK=PROGRAM sh tests/real/mediawiki.t     (needs Debian's mediawiki, php-cli, php-sqlite3, sqlite3; skipped without)
. tests/real/lib.sh
needs php sqlite3
[ -f /usr/share/mediawiki/maintenance/install.php ] || { echo "skipped: no mediawiki"; exit 0; }
php -m | grep -qx pdo_sqlite || { echo "skipped: no php-sqlite3"; exit 0; }

export MW_CONFIG_FILE="$folder/LocalSettings.php"

# The package's program, with a configuration and a database in the folder.
start_wiki() {
	php -S 127.0.0.1:0 -t /usr/share/mediawiki >"$folder/server.log" 2>&1 &
	server=$!
	wait_for_port 'php' 's,.*Server (http://127.0.0.1:\([0-9]*\)) started.*,\1,p' "$folder/server.log"
	MW_CONFIG_FILE='' php /usr/share/mediawiki/maintenance/install.php --confpath "$folder" --dbtype sqlite --dbpath "$folder/db" --dbname wiki \
		--server "http://127.0.0.1:$port" --scriptpath '' --pass 'matinee-11-night' 'Projection room' keeper >"$folder/install" 2>&1 ||
		fail "install: $(tail -n 5 "$folder/install")"
}

# page NAME SUMMARY: the text comes from standard input
page() {
	php /usr/share/mediawiki/maintenance/edit.php -u keeper -s "$2" "$1" >"$folder/edit" 2>&1 || fail "edit: $(cat "$folder/edit")"
}

crawl() {
	"$watchdesk" crawl --config "$folder/watchdesk.yaml" >"$folder/round" 2>&1
	[ $? -le 1 ] || fail "crawl: $(cat "$folder/round")"
	sleep 1.1
}

query() {
	sqlite3 -readonly "$folder"/store/watchdesk.db "$1"
}

found() {
	expect "text $1" 1 "$("$watchdesk" search "\"marker $1\"" --json --config "$folder/watchdesk.yaml" | grep -c '"source":"wiki"')"
}

mkdir "$folder/db"
start_wiki
page Lamps 'the small hall' <<'END'
marker-01 The lamp of the small hall flickers.
END
page Bread 'for monday' <<'END'
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
"$watchdesk" source add "http://127.0.0.1:$port/index.php?title=Lamps" --name wiki --allow-private --config "$folder/watchdesk.yaml" \
	>"$folder/out" 2>&1 || fail "source add: $(cat "$folder/out")"
expect 'the wiki is recognised' "    engine: mediawiki
    url: http://127.0.0.1:$port" "$(grep -E '^    (engine|url): ' "$folder/watchdesk.yaml")"
printf '    every: 1s\n    pace: 0\n' >>"$folder/watchdesk.yaml"
crawl
found 01
found 02
first=$(query 'SELECT count(*) FROM post')
page Lamps 'again' <<'END'
marker-03 It was the ballast.
END
page Soup 'new' <<'END'
marker-04 Lentils.
END
crawl
expect 'the second round adds the two new revisions' $((first + 2)) "$(query 'SELECT count(*) FROM post')"
crawl
expect 'the third adds none' $((first + 2)) "$(query 'SELECT count(*) FROM post')"
for n in 01 02 03 04; do
	found $n
done
expect 'by its author, with its time' 4 "$(query "SELECT count(*) FROM post WHERE author = 'Keeper' AND posted_at IS NOT NULL AND title IN ('Lamps', 'Bread', 'Soup')")"
expect 'the source is healthy' 1 "$(query 'SELECT count(*) FROM health WHERE failure IS NULL')"
