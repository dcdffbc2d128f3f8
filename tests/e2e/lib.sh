# lib.sh - what the scripts of tests/e2e share: a folder, the site, a configuration, and words to say what must hold
# usage: . tests/e2e/lib.sh     (with WATCHDESK and SITE in the environment)
set -u
: "${WATCHDESK:?}" "${SITE:?}"
folder=$(mktemp -d /tmp/watchdesk-test-XXXXXX) || exit 3
config=$folder/watchdesk.yaml
site=''
monitor=''
servers='' # others that a test has started

finish() {
	for pid in $monitor $site $servers; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() {
	echo "not ok: $*" >&2
	exit 1
}

# expect WHAT WANTED GOT
expect() {
	[ "$2" = "$3" ] || fail "$1: expected $2, got $3"
}

# expect_line WHAT PATTERN FILE: a line of the file matches the extended pattern
expect_line() {
	grep -qE -e "$2" "$3" || { cat "$3" >&2; fail "$1: no line matches $2"; }
}

# expect_no_line WHAT PATTERN FILE
expect_no_line() {
	! grep -aqE -e "$2" "$3" || fail "$1: $(grep -aE -m 1 -e "$2" "$3")"
}

# Lines of a file that match.
count() {
	grep -cE -e "$1" "$2"
}

# Start the site and wait until it has said where it is: url and port.
start_site() {
	"$SITE" --log "$folder/site.log" "$@" >"$folder/url" 2>"$folder/site.err" &
	site=$!
	url=''
	while [ -z "$url" ]; do
		kill -0 "$site" 2>/dev/null || fail "the site: $(cat "$folder/site.err")"
		sleep 0.02
		url=$(cat "$folder/url")
	done
	port=${url##*:}
}

# Serve the files below www, which the test writes, until the end: url and port. Its log is site.log.
start_pages() {
	python3 -u -m http.server -b 127.0.0.1 -d "$folder/www" 0 >"$folder/port" 2>"$folder/site.log" &
	site=$!
	url=''
	while [ -z "$url" ]; do
		kill -0 "$site" 2>/dev/null || fail "the server: $(cat "$folder/site.log")"
		sleep 0.05
		url=$(sed -n 's|.*(\(http://[^/]*\)/).*|\1|p' "$folder/port")
	done
	port=${url##*:}
}

# A relay that takes all mail, N.eml and N.to in the folder mail: its port is in relay.
start_relay() {
	mkdir -p "$folder/mail" && : >"$folder/relay"
	python3 -u tests/mail_sink --tls none "$folder/mail" >"$folder/relay" 2>"$folder/relay.err" &
	servers="$servers $!"
	while ! relay=$(grep . "$folder/relay"); do
		kill -0 $! 2>/dev/null || fail "the relay: $(cat "$folder/relay.err")"
		sleep 0.05
	done
}

# Write a configuration; the sources come from standard input, with @URL@ and @PORT@ for the site's.
configure() {
	{
		cat <<-END
		organisation: Example Pictures
		contact: watchdesk@example.com
		workers: 2
		assets:
		  - name: The Interlude
		    terms: [The Interlude, Interlude premiere]
		  - name: Example Pictures
		    terms: [Example Pictures]
		    domains: [example.com, example.org]
		sources:
		END
		sed "s|@URL@|$url|g; s|@PORT@|$port|g"
	} >"$config"
}

# The sources of the whole site.
whole_site() {
	sed -n '/^sources:/,$p' tests/site/watchdesk.yaml.in | sed '1d; s/^    every: .*/    every: 1h/'
}

# verb CODE NAME [ARGUMENTS...]: run it with the configuration; it must end with CODE. What it says is in out and err.
verb() {
	wanted=$1
	shift
	"$WATCHDESK" "$@" --config "$config" >"$folder/out" 2>"$folder/err"
	got=$?
	[ "$got" = "$wanted" ] || { cat "$folder/out" "$folder/err" >&2; fail "$*: expected exit code $wanted, got $got"; }
	[ "$wanted" -lt 2 ] || expect "lines that $* says" 1 "$(wc -l <"$folder/err")"
}

# wait_for WHAT COMMAND...: until it succeeds, before anybody would give up and while the monitor lives.
wait_for() {
	what=$1 tries=0
	shift
	until "$@" >"$folder/tried" 2>&1; do
		tries=$((tries + 1))
		if [ $tries -gt 1600 ] || { [ -n "$monitor" ] && ! kill -0 "$monitor" 2>/dev/null; }; then
			cat "$folder/log" "$folder/run.err" >&2 2>/dev/null
			fail "$what: $(cat "$folder/tried")"
		fi
		sleep 0.05
	done
}

# at_least NUMBER COMMAND..., is VALUE COMMAND...: what it prints
at_least() {
	least=$1
	shift
	seen=$("$@")
	echo "expected $least, got $seen"
	[ "$seen" -ge "$least" ]
}

is() {
	value=$1
	shift
	seen=$("$@")
	echo "expected $value, got $seen"
	[ "$seen" = "$value" ]
}

# query SQL: what the store of the configuration says to it; it waits while somebody writes.
query() {
	sqlite3 -cmd '.timeout 5000' "$folder/store/watchdesk.db" "$1"
}

# The class of failure that `source health` names for a source, - for none.
health_of() {
	"$WATCHDESK" source health --json --config "$config" 2>/dev/null | sed -n "s/^{\"source\":\"$1\",\"failure\":\"\([^\"]*\)\".*/\1/p" | sed 's/^$/-/'
}

# Every line of the file is JSON, by our own reader: it complains of what is not.
expect_json() {
	[ -s "$2" ] || fail "$1: nothing was printed"
	! "$WATCHDESK" stage fold <"$2" | grep -m 1 'not JSON' || fail "$1 does not print JSON"
}
