#!/bin/sh
# A store that was damaged from outside: each damage has its sentence and its exit code, and what is not damaged is still read.
. tests/e2e/lib.sh

start_site
whole_site | configure
verb 0 crawl
verb 0 report
cp "$folder/report/anchor.txt" "$folder/anchor"
mv "$folder/store" "$folder/whole"

# damaged: a fresh copy of the store to damage
damaged() {
	rm -rf "$folder/store"
	cp -a "$folder/whole" "$folder/store"
}

# spoil FILE OFFSET: sixteen bytes there are not what they were
spoil() {
	printf 'SPOILED-SPOILED-' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# A page of posts: verify says so and goes on with evidence and custody; the key in the table is elsewhere, so a list still comes.
damaged
page=$(sqlite3 "$folder/store/watchdesk.db" "SELECT pageno FROM dbstat WHERE name = 'body' AND pagetype = 'leaf' LIMIT 1")
spoil "$folder/store/watchdesk.db" $(((page - 1) * 4096))
verb 5 verify
expect_line 'a spoiled page' 'damaged' "$folder/out"
expect_line 'and the rest' 'items of evidence' "$folder/out"
verb 0 list

# The first page: nothing can be read, and that is said.
damaged
spoil "$folder/store/watchdesk.db" 0
verb 3 list
expect_line 'no database' 'watchdesk.db: damaged .*restore a copy' "$folder/err"
verb 3 crawl
expect_line 'no database' 'watchdesk.db: damaged .*restore a copy' "$folder/err"

# A write-ahead log that was cut: what was committed last is gone, which only a head that is known outside can tell.
damaged
mkdir "$folder/killed"
sqlite3 "$folder/store/watchdesk.db" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
id=$("$WATCHDESK" list --json --config "$config" | sed -n '1s/^{"id":"\([0-9a-f]*\)".*/\1/p')
sqlite3 "$folder/store/watchdesk.db" "PRAGMA journal_mode" ".shell '$WATCHDESK' mark $id known --config '$config' >/dev/null" \
	".shell cp -a '$folder/store/.' '$folder/killed'" >/dev/null # as it lies while somebody has it open
[ -s "$folder/killed/watchdesk.db-wal" ] || fail "there is no log to cut"
cp -a "$folder/killed" "$folder/copy"
head=$(sqlite3 "$folder/copy/watchdesk.db" "SELECT max(sequence) || ':' || lower(hex(hash)) FROM custody")
rm -rf "$folder/store" && mv "$folder/killed" "$folder/store"
truncate -s -100 "$folder/store/watchdesk.db-wal"
rm -f "$folder/store/watchdesk.db-shm"
verb 0 verify --anchor "$folder/anchor"
verb 5 verify --anchor "$head"
expect_line 'a chain that was cut' 'cut' "$folder/out"
verb 0 list

# A segment that is gone: findings are still listed and searched, and the next round says what is missing.
damaged
rm "$folder/store/segments/000001.seg"
verb 5 verify
expect_line 'a missing segment' '000001.seg is missing' "$folder/out"
verb 0 show "$id"
verb 0 search example
"$WATCHDESK" doctor --config "$config" >"$folder/out"
expect_line 'doctor' '^NO +evidence can be sealed +.*000001.seg' "$folder/out"

# A segment with a tail that nobody knows, as a crash leaves it: no damage; the next item that is sealed takes its place.
damaged
printf 'half an item' >>"$folder/store/segments/000001.seg"
verb 0 verify
verb 0 evidence export "$id" -o "$folder/pack"

# A folder that this user may not read.
if [ "$(id -u)" = 0 ]; then
	damaged
	chmod 755 "$folder"
	chmod 644 "$config"
	setpriv --reuid nobody --regid nogroup --clear-groups "$WATCHDESK" list --config "$config" >"$folder/out" 2>"$folder/err"
	expect 'exit code of somebody who may not' 3 $?
	expect_line 'what it says' '^watchdesk: .*store.*' "$folder/err"
fi
