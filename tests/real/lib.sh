# lib.sh - what the scripts of tests/real share: a folder, servers that are stopped in the end, and words to say what must hold
# usage: . tests/real/lib.sh     (with WATCHDESK in the environment)
set -u
watchdesk=${WATCHDESK:?}
folder=$(mktemp -d) || exit 3
server=''

finish() {
	for pid in $server; do # one, or several
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

# needs PROGRAM...: end well without one of them
needs() {
	for need; do
		command -v "$need" >/dev/null || { echo "skipped: no $need"; exit 0; }
	done
}

fail() {
	echo "not ok: $*" >&2
	exit 1
}

# expect WHAT WANTED GOT
expect() {
	[ "$2" = "$3" ] || fail "$1: expected $2, got $3"
	echo "ok: $1"
}

# wait_for_port NAME PATTERN FILE: until the server, which was started just now, has written down its port
wait_for_port() {
	port=''
	while [ -z "$port" ]; do
		kill -0 "$server" 2>/dev/null || fail "$1: $(cat "$3")"
		sleep 0.05
		port=$(sed -n "$2" "$3")
	done
}
