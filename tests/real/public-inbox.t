#!/bin/sh
# A real archive of mail: public-inbox's, on loopback, filled through its own delivery. Each message must be found once, over
# three rounds, with its author's own words behind those it quotes.
# usage: WATCHDESK=PROGRAM sh tests/real/public-inbox.t     (needs Debian's public-inbox, sqlite3; skipped without)
. tests/real/lib.sh
needs public-inbox-init public-inbox-httpd sqlite3

export HOME="$folder"

# mail ID AUTHOR SUBJECT: the text comes from standard input
mail() {
	{
		printf 'From: %s\nTo: hall@example.com\nSubject: %s\nMessage-ID: <%s@example.org>\n' "$2" "$3" "$1"
		printf 'Date: Mon, 23 Nov 2026 10:%s:00 +0100\nContent-Type: text/plain; charset=utf-8\n\n' "$1"
		cat
	} | ORIGINAL_RECIPIENT=hall@example.com public-inbox-mda --no-precheck >"$folder/mda" 2>&1 || fail "mda: $(cat "$folder/mda")"
}

start_archive() {
	public-inbox-init -V2 --indexlevel=basic hall "$folder/inbox" http://127.0.0.1/hall hall@example.com >"$folder/init" 2>&1 ||
		fail "init: $(cat "$folder/init")"
	git config -f "$folder/.public-inbox/config" publicinboxmda.spamcheck none
	public-inbox-httpd -l 127.0.0.1:0 >"$folder/server.log" 2>&1 &
	server=$!
	wait_for_port 'httpd' 's,^# bound http://127.0.0.1:\([0-9]*\).*,\1,p' "$folder/server.log"
}

configure() {
	cat >"$folder/watchdesk.yaml" <<-END
	organisation: Example Pictures
	contact: watchdesk@example.com
	store: store
	report: report
	assets:
	  - name: Example Pictures
	    domains: [example.com]
	sources:
	  - name: hall
	    engine: public-inbox
	    url: http://127.0.0.1:$port/hall
	    every: 1s
	    pace: 0
	    allow_private: true
	END
}

# A round; what is due a second after it was read is due when the next one starts.
crawl() {
	"$watchdesk" crawl --config "$folder/watchdesk.yaml" >"$folder/round" 2>&1
	[ $? -le 1 ] || fail "crawl: $(cat "$folder/round")"
	sleep 1.1
}

query() {
	sqlite3 -readonly "$folder"/store/watchdesk.db "$1"
}

# how often WORDS are found
search() {
	"$watchdesk" search "$1" --json --config "$folder/watchdesk.yaml" | grep -c '"source":"hall"'
}

start_archive
mail 01 'Ada Pflanz <ada@example.org>' 'Lamps for the small hall' <<'END'
marker-01 The lamp of the small hall flickers after an hour.
END
mail 02 'Ben Wurzel <ben@example.net>' 'Re: Lamps for the small hall' <<'END'
Ada Pflanz wrote:
> marker-01 The lamp of the small hall flickers after an hour.

marker-02 The ballast. Grüße, Ben
END
configure
"$watchdesk" source add "http://127.0.0.1:$port/hall/02@example.org/" --name other --dry-run --allow-private --config "$folder/watchdesk.yaml" >"$folder/out" 2>&1
expect 'the archive is recognised by a message' "    engine: public-inbox
    url: http://127.0.0.1:$port/hall" "$(grep -E '^    (engine|url): ' "$folder/out")"
crawl
expect 'the first round stores two messages' 2 "$(query 'SELECT count(*) FROM post')"
expect 'what is quoted is found in the answer too' 2 "$(search '"marker 01"')"
expect 'the answer is' 1 "$(search '"marker 02" grusse')"
mail 03 'Cleo <cleo@example.com>' 'Bread' <<'END'
marker-03 500 g flour, a night in the cold.
END
crawl
expect 'the second adds the new one' 3 "$(query 'SELECT count(*) FROM post')"
revisions=$(query 'SELECT count(*) FROM revision')
crawl
expect 'the third adds none' 3 "$(query 'SELECT count(*) FROM post')"
expect 'and no revision' "$revisions" "$(query 'SELECT count(*) FROM revision')"
expect 'authors are named' 'Ada Pflanz,Ben Wurzel,Cleo' \
	"$(query 'SELECT group_concat(author) FROM (SELECT author FROM post ORDER BY author)')"
expect 'every message has its time' 0 "$(query 'SELECT count(*) FROM post WHERE posted_at IS NULL')"
expect 'the source is healthy' 1 "$(query 'SELECT count(*) FROM health WHERE failure IS NULL')"
