#!/bin/sh
# A real forum: Fossil's, on loopback, filled through its own pages. Each post must be found once, over three rounds.
# usage: WATCHDESK=PROGRAM sh tests/real/fossil.t     (needs Debian's fossil, curl, sqlite3; skipped without)
#
# Fossil 2.21 sends no ETag with the pages of its forum, and a nonce in each, so these can never come back as 304: reading
# them again must store nothing twice. It does send one with an unversioned file: the forum's rules, watched beside them.
. tests/real/lib.sh
needs fossil curl sqlite3

export HOME="$folder"

start_fossil() {
	forum=$folder/forum.fossil
	fossil init -A keeper "$forum" >/dev/null || fail "fossil init"
	fossil user new row_f row_f@example.net matinee-11 -R "$forum" >/dev/null
	fossil user capabilities row_f 234567h -R "$forum" >/dev/null
	fossil user capabilities nobody gjorz2h -R "$forum" >/dev/null
	echo 'Be kind. No logins, no addresses.' >"$folder/rules.html"
	USER=keeper fossil uv add "$folder/rules.html" --as rules.html -R "$forum" >/dev/null || fail "fossil uv"
	fossil server --localhost "$forum" >"$folder/server.log" 2>&1 &
	server=$!
	wait_for_port 'fossil server' 's/^Listening for HTTP requests on TCP port \([0-9]*\).*/\1/p' "$folder/server.log"
	url=http://127.0.0.1:$port
}

# The forms of the forum, as a browser sends them: the cookie of the login and the page one comes from.
form() {
	page=$1
	shift
	curl -sS -b "$folder/cookies" -c "$folder/cookies" -e "$url/$page" -o "$folder/answer" -w '%{redirect_url}' "$@" "$url/$page"
}

# Newer versions put a token into the form, to be sent back.
token() {
	form "$1" -d "$2" >/dev/null
	sed -n "s/.*name=[\"']csrf[\"'] value=[\"']\([^\"']*\).*/\1/p" "$folder/answer" | head -n 1
}

login() {
	form login -d u=row_f -d p=matinee-11 -d in=Login >/dev/null
	grep -q row_f "$folder/cookies" || fail "login"
}

# thread TITLE TEXT: the new thread's first post in $post
thread() {
	csrf=$(token forume1 'title=x&content=x&mimetype=text/plain&preview=Preview')
	post=$(form forume1 --data-urlencode "title=$1" --data-urlencode "content=$2" -d mimetype=text/plain \
		--data-urlencode "csrf=$csrf" -d submit=Submit)
	post=${post##*/}
	[ -n "$post" ] || fail "new thread $1"
}

# reply POST TEXT
reply() {
	csrf=$(token forume2 "fpid=$1&reply=1&content=x&mimetype=text/plain&preview=Preview")
	answer=$(form forume2 -d "fpid=$1" -d reply=1 --data-urlencode "content=$2" -d mimetype=text/plain \
		--data-urlencode "csrf=$csrf" -d submit=Submit)
	[ -n "$answer" ] || fail "reply to $1"
}

seed() {
	thread 'Lamps for the small hall' 'marker-01 The lamp of the small hall flickers after an hour. Is it the lamp or the ballast?'
	lamps=$post
	reply "$lamps" 'marker-02 The ballast. Ours did the same, and the new one has been quiet for two years.'
	reply "$lamps" 'marker-03 <b>Check</b> the fan & the "filter" too; dust <script>alert(1)</script> is not a joke.'
	thread 'Opening night' 'marker-04 Who has tickets for The Interlude? Two of us go to the late show.'
	opening=$post
	reply "$opening" 'marker-05 Remember the 11th of September 2001. We recommend you keep yourself distant from the places at that time. Every cinema that shows The Interlude.'
	reply "$opening" 'marker-06 What is wrong with people? I have reported it.'
	thread 'Found on a bench' 'marker-07 accounting@example.com:Projector#2214
casting.desk@example.com:popcorn7741!
m.ops@example.org:Foyer-1987'
	bench=$post
	reply "$bench" 'marker-08 Do not post such things, tell the office.'
	thread 'Bread' "marker-09 500 g flour, 350 g water, 10 g salt, a night in the cold. Bake it dark."
	thread 'Umlaute und anderes' 'marker-10 Grüße, naïve café, Привет, 你好, and an emoji 🎬 to see what arrives.'
}

later() {
	reply "$lamps" 'marker-11 It was the ballast. Thank you both.'
	reply "$post" 'marker-12 All of it arrives here.'
}

configure() {
	cat >"$folder/watchdesk.yaml" <<-END
	organisation: Example Pictures
	contact: watchdesk@example.com
	store: store
	report: report
	assets:
	  - name: The Interlude
	    terms: [The Interlude]
	  - name: Example Pictures
	    domains: [example.com, example.org]
	sources:
	  - name: hall
	    engine: fossil
	    url: $url
	    every: 1s
	    pace: 0
	    allow_private: true
	  - name: rules
	    files: [$url/uv/rules.html]
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

# search WORDS: the revisions that hold them, a line of JSON each, with the text around the first word
search() {
	"$watchdesk" search "$1" --json --config "$folder/watchdesk.yaml"
}

# found FIRST LAST: each of the markers is the text of one post with one revision
found() {
	for n in $(seq -f %02g "$1" "$2"); do
		expect "marker-$n is stored once" 1 "$(search "\"marker $n\"" | grep -c '"source":"hall"')"
	done
}

posts() {
	query "SELECT count(*) FROM post JOIN source ON source.id = source_id WHERE source.name = 'hall'"
}

start_fossil
login
seed
configure
"$watchdesk" source add "$url/forum" --name other --dry-run --allow-private --config "$folder/watchdesk.yaml" >"$folder/out" 2>&1
expect 'the forum is recognised by its list' "    engine: fossil
    url: $url
    listing: $url/forum" "$(grep -E '^    (engine|url|listing): ' "$folder/out")"
crawl
found 1 10
expect 'the first round stores ten posts' 10 "$(posts)"
later
crawl
found 1 12
expect 'the second adds the two new ones' 12 "$(posts)"
revisions=$(query 'SELECT count(*) FROM revision')
crawl
expect 'the third adds none' 12 "$(posts)"
expect 'and no revision' "$revisions" "$(query 'SELECT count(*) FROM revision')"
expect 'the rules, read three times, were sent once' 2 \
	"$(query "SELECT not_modified FROM health JOIN source ON source.id = source_id WHERE name = 'rules'")"
expect 'a post keeps its author' row_f "$(query "SELECT DISTINCT author FROM post WHERE author <> ''")"
expect 'and its title' 'Opening night' \
	"$(search '"marker 05"' | sed -n 's/.*"title":"\([^"]*\)".*/\1/p')"
expect 'every post has the time the forum gave it' 0 "$(query "SELECT count(*) FROM post WHERE posted_at IS NULL AND author <> ''")"
expect 'markup in a post arrives as its author wrote it' 1 \
	"$(search '"check b the fan"' | grep -cF '<b>Check</b> the fan & the \"filter\" too; dust <script>')"
expect 'text beyond ASCII arrives whole' 1 \
	"$(search 'grusse привет 你好' | grep -cF 'Grüße, naïve café, Привет, 你好, and an emoji 🎬')"
expect 'both sources are healthy' 2 "$(query 'SELECT count(*) FROM health WHERE failure IS NULL')"
"$watchdesk" list --json --config "$folder/watchdesk.yaml" >"$folder/findings" || fail "list"
expect 'the logins are one finding' 1 "$(grep -c '"Found on a bench"' "$folder/findings")"
expect 'the threat is one' 1 "$(grep -c '"violence".*"Opening night"' "$folder/findings")"
