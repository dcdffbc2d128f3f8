#!/bin/sh
# A real forum that only members may read: Fossil's. Signed in to by its own form, again when it forgets us, never with a wrong
# password more than three times.
# usage: WATCHDESK=PROGRAM sh tests/real/login.t     (needs Debian's fossil, sqlite3; skipped without)
. tests/real/lib.sh
needs fossil sqlite3

export HOME="$folder" FORUM_PASSWORD='matinee=11&%'

query() {
	sqlite3 "$folder/store/watchdesk.db" "$1"
}

start_fossil() {
	forum=$folder/members.fossil
	fossil init -A keeper "$forum" >/dev/null || fail "fossil init"
	fossil user new row_f row_f@example.net "$FORUM_PASSWORD" -R "$forum" >/dev/null
	fossil user capabilities row_f ghjorz -R "$forum" >/dev/null
	fossil user capabilities nobody '' -R "$forum" >/dev/null
	fossil user capabilities anonymous '' -R "$forum" >/dev/null
	echo 'Row F meets on Thursdays, members only.' >"$folder/page.md"
	USER=keeper fossil wiki create meeting "$folder/page.md" -M markdown -R "$forum" >/dev/null || fail "fossil wiki"
	fossil server --localhost "$forum" >"$folder/server.log" 2>&1 &
	server=$!
	wait_for_port 'fossil server' 's/^Listening for HTTP requests on TCP port \([0-9]*\).*/\1/p' "$folder/server.log"
}

# configure PASSWORD
configure() {
	cat >"$folder/watchdesk.yaml" <<-END
	organisation: Example Pictures
	contact: watchdesk@example.com
	store: store
	sources:
	  - name: members
	    url: http://127.0.0.1:$port
	    files: ["{url}/wiki/meeting"]
	    every: 1h
	    pace: 0
	    allow_private: true
	    ignore_robots: a forum of our own
	    operator: analyst
	    login:
	      url: "{url}/login"
	      user: row_f
	      password: env:$1
	      signed_in: //input[@name='out'] | //a[contains(@href, '/logout')]
	END
}

crawl() {
	"$watchdesk" crawl --config "$folder/watchdesk.yaml" >"$folder/round" 2>&1
	[ $? -le 1 ] || fail "crawl: $(cat "$folder/round")"
}

start_fossil
export WRONG_PASSWORD=guess
configure WRONG_PASSWORD
for try in 1 2 3 4; do
	crawl
	query 'UPDATE session SET due_at = 1 WHERE due_at IS NOT NULL'
done
expect 'a wrong password' 'refused|3' "$(query 'SELECT state, refusals FROM session')"
expect 'what was read without a session' 0 "$(query 'SELECT count(*) FROM post')"

configure FORUM_PASSWORD
crawl
expect 'the right one' in "$(query 'SELECT state FROM session')"
expect 'its health' '' "$(query 'SELECT failure FROM health')"
expect 'what members read' 1 "$("$watchdesk" search Thursdays --json --config "$folder/watchdesk.yaml" | grep -c meeting)"

# The forum forgets who was in.
fossil sqlite3 -R "$forum" 'UPDATE user SET cookie = NULL, cexpire = 0' >/dev/null 2>&1 || sqlite3 "$forum" 'UPDATE user SET cookie = NULL, cexpire = 0'
query 'UPDATE frontier SET due_at = 0, etag = NULL, last_modified = NULL'
crawl
expect 'after it forgot us' in "$(query 'SELECT state FROM session')"
expect 'posts' 1 "$(query 'SELECT count(*) FROM post')"
expect 'kept of the page that asks who we are' 0 "$("$watchdesk" search Password --json --config "$folder/watchdesk.yaml" | wc -l)"
expect 'behind the wall, which is none: the form, its answer, and the page' 3 "$(sed -n 's/ fetched.*//p' "$folder/round")"
