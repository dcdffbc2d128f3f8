#!/bin/sh
# A forum for members: signed in by its form, read, signed in anew when the session ends; a wrong password is tried three times,
# and what is secret stands nowhere.
. tests/e2e/lib.sh
export FORUM_USER='row f & gallery' WRONG_PASSWORD='Mezzanine-0001'
password='Ush€r=&+ 7741'
printf '%s\n' "$password" >"$folder/forum.secret"
chmod 600 "$folder/forum.secret"

# start_forum [ENDS_AFTER]: its address in $forum
start_forum() {
	: >"$folder/forum.log"
	python3 tests/forum "$folder/forum.log" "$FORUM_USER" "$password" "$@" >"$folder/forum.port" &
	monitor="$monitor $!"
	until [ -s "$folder/forum.port" ]; do sleep 0.05; done
	forum=http://127.0.0.1:$(cat "$folder/forum.port")
}

# members NAME PASSWORD [LINE]: a source that signs in
members() {
	cat <<-END
	  - name: $1
	    url: $forum
	    listing: "{url}/"
	    links: //a[@class="thread"]/@href
	    post: {item: //article, key: ./@id}
	    every: 1h
	    pace: 0
	    allow_private: true
	    login:
	      url: "{url}/login"
	      user: env:FORUM_USER
	      password: $2
	      signed_in: //a[@href="/logout"]
	      ${3-}
	END
}

due() {
	query 'UPDATE frontier SET due_at = 0; UPDATE session SET due_at = 1 WHERE due_at IS NOT NULL'
}

start_site
start_forum 3
members forum file:forum.secret | configure

# Three pages into the round the forum ends the session: it is signed in to anew, and what was refused is read then.
verb 0 crawl --verbose
cp "$folder/err" "$folder/crawl.log"
expect "posts" 6 "$(query 'SELECT count(*) FROM post')"
expect "sign-ins" 2 "$(count '^POST /login.* 303' "$folder/forum.log")"
expect "forms that were refused" 0 "$(count '^POST .* 200' "$folder/forum.log")"
expect "where it stands" in "$(query 'SELECT state FROM session')"
expect "its health" - "$(health_of forum)"

# A restart needs no sign-in: the cookies are there.
due
verb 0 crawl
expect "sign-ins after a restart" 2 "$(count '^POST' "$folder/forum.log")"
expect "posts after a restart" 6 "$(query 'SELECT count(*) FROM post')"

# The session ends between two rounds. What shows it is a wall that the source names.
members forum file:forum.secret 'wall: //p[@id="wall"]' | configure
verb 0 crawl
"$WATCHDESK" source health --config "$config" >/dev/null 2>&1
python3 -c "import urllib.request; urllib.request.urlopen('$forum/end').read()"
due
: >"$folder/forum.log"
verb 0 crawl
expect "sign-ins after the end of the session" 1 "$(count '^POST /login.* 303' "$folder/forum.log")"
expect "posts after the end of the session" 6 "$(query 'SELECT count(*) FROM post')"
expect "revisions" 6 "$(query 'SELECT count(*) FROM revision')"

# Other processes hold neither name nor password, not even where /proc shows the environment that they were started with.
export FORUM_PASSWORD="$password"
members forum env:FORUM_PASSWORD | configure
due
"$WATCHDESK" run --config "$config" >"$folder/run.out" 2>"$folder/run.err" &
run=$!
monitor="$run $monitor"
for i in $(seq 100); do
	[ "$(query "SELECT count(*) FROM session WHERE state = 'in' AND changed_at > 0")" = 1 ] && [ "$(pgrep -cP $run)" -ge 4 ] && break
	sleep 0.1
done
holders=''
for pid in $(pgrep -P $run); do
	! grep -qaF "$password" "/proc/$pid/environ" 2>/dev/null || holders="$holders $(cat "/proc/$pid/comm")"
done
expect "processes that hold the password in their environment" '' "$holders"
kill "$run" && wait "$run"

# A wrong password: three tries, each later than the one before, and the account is left alone.
members wrong env:WRONG_PASSWORD | configure
: >"$folder/forum.log"
for try in 1 2 3 4 5; do
	due
	verb 0 crawl --verbose
	cat "$folder/err" "$folder/out" >>"$folder/crawl.log"
	verb 0 crawl # before it is due again nothing is sent
done
expect "passwords that were tried" 3 "$(count '^POST' "$folder/forum.log")"
expect "where it stands" 'refused|3|' "$(query "SELECT state, refusals, due_at FROM session")"
expect "its health" login "$(health_of wrong)"
"$WATCHDESK" source health --config "$config" >"$folder/health" 2>&1
expect_line "the sentence" 'refuses the name or the password.*try 3 of 3' "$folder/health"
expect "pages that were asked for without a session" 0 "$(count '^GET /(thread|$)' "$folder/forum.log")"

# A person changes the configuration: it is tried again.
echo '# the right one now' >>"$config"
WRONG_PASSWORD=$password verb 0 crawl
expect "where it stands" in "$(query "SELECT state FROM session")"
expect "its health" - "$(health_of wrong)"

# What cannot be had is said, without what it is.
chmod 644 "$folder/forum.secret"
{
	members open-file file:forum.secret
	members no-file file:no-such.secret
	members no-variable env:NO_SUCH_VARIABLE
} | configure
verb 0 crawl
"$WATCHDESK" source health --json --config "$config" >"$folder/health" 2>&1
expect_line "a file that all may read" '"open-file","failure":"login","detail":"login.password: everybody may read' "$folder/health"
expect_line "a file that is not there" '"no-file","failure":"login","detail":"login.password: ' "$folder/health"
expect_line "a variable that is not there" '"no-variable","failure":"login","detail":"login.password: the environment has no NO_SUCH' "$folder/health"

# Nothing of it is kept or said: store, segments, report, logs, and what is exported of a finding that was behind the form.
verb 0 report
verb 0 list --all --json
id=$(sed -n 's|^{"id":"\([0-9a-f]*\)".*"url":"[^"]*/thread/2.*|\1|p' "$folder/out" | head -n 1)
[ -n "$id" ] || fail "the threat behind the form is no finding"
verb 0 evidence export "$id" --output "$folder/pack"
gzip -dc "$folder"/pack/*.warc.gz >"$folder/pack/plain"
expect_line "the request was recorded" '^GET /thread/2 ' "$folder/pack/plain"
expect_line "with its cookies hidden" '^Cookie: .*member=\*{16}' "$folder/pack/plain"
coded=$(python3 -c 'import sys, urllib.parse; print(urllib.parse.quote_plus(sys.argv[1]))' "$password")
for secret in "$password" "$coded" "$WRONG_PASSWORD" "$FORUM_USER"; do
	found=$(grep -rlaF -e "$secret" "$folder/store" "$folder/report" "$folder/pack" "$folder/crawl.log" "$folder/run.out" "$folder/run.err" \
		"$folder/health" "$folder/out" "$config")
	[ -z "$found" ] || fail "a secret stands in $found"
done
