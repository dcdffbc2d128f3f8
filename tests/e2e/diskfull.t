#!/bin/sh
# A disk that is full: one clear line and exit code 3; the store stays sound, and with room again the round completes.
. tests/e2e/lib.sh

pastes=800
trap 'umount "$folder/store" 2>/dev/null; finish' EXIT
start_site --bulk $pastes
configure <<'END'
  - name: bulk
    listing: "@URL@/bulk/list/0"
    links: //td/a/@href
    next: //a[@rel="next"]/@href
    pages: 1000
    raw: "@URL@/bulk/raw/{key}"
    pace: 0
    every: 1h
    allow_private: true
END

# full HOW: a round that meets it. The posts that were stored until then are sound.
full() {
	expect "exit code with $1" 3 "$got"
	[ "$(grep -vc indexer-failed "$folder/err")" = 1 ] || fail "what a round says with $1: $(cat "$folder/err")"
	expect_line "what a round says with $1" '^watchdesk: .*(disk is full|File too large|disk I/O error).*' "$folder/err"
}

# with_room HOW: the rest of the round.
with_room() {
	verb 0 crawl
	"$WATCHDESK" doctor --config "$config" >"$folder/out"
	expect_line "the store after $1" '^ok +the store is sound' "$folder/out"
	expect "posts after $1" $pastes "$("$WATCHDESK" source health --json --config "$config" | sed 's/.*"posts":\([0-9]*\).*/\1/')"
}

crawl_once() {
	"$WATCHDESK" crawl --config "$config" >"$folder/out" 2>"$folder/err"
	got=$?
}

(
	ulimit -f 1000 # blocks of 512 bytes
	crawl_once
	full "a limit on files"
) || exit 1
with_room "a limit on files"

rm -rf "$folder/store"
mkdir "$folder/store"
if mount -t tmpfs -o size=1000k none "$folder/store" 2>/dev/null; then
	crawl_once
	mount -o remount,size=64m "$folder/store"
	full "a full disk"
	with_room "a full disk"
	umount "$folder/store"
else
	echo "skipped: a full disk, which needs the right to mount one"
fi
