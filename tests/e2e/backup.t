#!/bin/sh
# A backup is made while the monitor writes; what comes back from it is whole, verifies, and goes on.
. tests/e2e/lib.sh

start_site --bulk 2000
{
	whole_site
	cat <<-'END'
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
} | configure

"$WATCHDESK" run --config "$config" >"$folder/run.out" 2>"$folder/run.err" &
monitor=$!
id=''
while [ -z "$id" ]; do
	kill -0 "$monitor" 2>/dev/null || fail "the monitor ended: $(cat "$folder/run.err")"
	id=$("$WATCHDESK" list --json --severity 90 --config "$config" 2>/dev/null | sed -n '1s/{"id":"\([0-9a-f]*\)".*/\1/p')
done
verb 0 mark "$id" confirmed --note 'before the backup'

# Some backups while it writes; each is whole in itself.
for n in 1 2; do
	verb 0 backup "$folder/backup$n"
	(cd "$folder/backup$n" && sha256sum --quiet -c SHA256SUMS) || fail "SHA256SUMS of backup $n"
	[ ! -e "$folder/backup$n/evidence.key" ] || fail "the private key is in a backup that was made without --with-key"
done
kill -0 "$monitor" 2>/dev/null || fail "the monitor ended beside the backups: $(cat "$folder/run.err")"
verb 0 verify
expect_line "verify beside a monitor" '^all of it is what was written$' "$folder/out"
verb 2 backup "$folder/backup1"
expect_line "a backup does not overwrite" 'is there already' "$folder/err"
kill -TERM "$monitor"
wait "$monitor"
monitor=''
verb 0 backup --json "$folder/last"
expect_json backup "$folder/out"
verb 0 list --all --limit 1000 --json
cp "$folder/out" "$folder/list.before"
expect "folders that were left beside the backups" 0 "$(ls -d "$folder"/*.part-* 2>/dev/null | wc -l)"

# Back: into an empty place only; the list is the same, and everything verifies.
verb 2 store restore "$folder/last"
expect_line "a store is not overwritten" 'is there already' "$folder/err"
mv "$folder/store" "$folder/store.lost"
verb 0 store restore "$folder/last"
expect_line "restore verifies" '^all of it is what was written$' "$folder/out"
verb 0 list --all --limit 1000 --json
cmp "$folder/list.before" "$folder/out" || fail "the list is another one after restoring"
verb 0 show "$id"
expect_line "the verdict came back" 'confirmed' "$folder/out"
verb 0 search popcorn
expect_no_line "search after restoring" 'nothing holds' "$folder/out"
verb 0 crawl
verb 0 verify

# The one that was made first, in the middle of it, as well.
rm -rf "$folder/store"
verb 0 store restore "$folder/backup1"
verb 0 list --json --severity 90
expect_line "the finding of then" "$id" "$folder/out"

# Altered on its way: said, and nothing is put into place.
rm -rf "$folder/store"
printf x | dd of="$folder/last/watchdesk.db" bs=1 seek=20000 conv=notrunc 2>/dev/null
verb 5 store restore "$folder/last"
expect_line "an altered backup" 'watchdesk.db is not what the backup wrote' "$folder/err"
[ ! -e "$folder/store" ] || fail "an altered backup was put into place"
rm "$folder/backup2/SHA256SUMS"
verb 2 store restore "$folder/backup2"
verb 2 store restore "$folder/nowhere"
verb 2 store restore
verb 2 store frobnicate
verb 3 backup "$folder/another"

# A crash in the middle leaves nothing under the name of the backup.
mv "$folder/store.lost" "$folder/store"
"$WATCHDESK" backup "$folder/crashed" --config "$config" >/dev/null 2>&1 &
killed=$!
while kill -0 $killed 2>/dev/null && ! ls -d "$folder"/crashed.part-* >/dev/null 2>&1; do :; done
kill -9 $killed 2>/dev/null
wait $killed 2>/dev/null
[ ! -e "$folder/crashed" ] || (cd "$folder/crashed" && sha256sum --quiet -c SHA256SUMS) || fail "half a backup has its name"

# To PostgreSQL and back, as a copy and as a backup.
[ -n "${POSTGRES:-}" ] || exit 0
question=${POSTGRES##*\?}
name=backup_$$
for n in $name ${name}_b; do psql -q "$POSTGRES" -c "CREATE DATABASE $n" || fail "createdb"; done
verb 0 store copy --to "postgresql://watchdesk@/$name?$question" --to-folder "$folder/pg"
verb 2 store copy --to "postgresql://watchdesk@/$name?$question" --to-folder "$folder/pg"
sed -i "s|^contact:.*|&\nstore: postgresql://watchdesk@/$name?$question|" "$config"
mv "$folder/store" "$folder/store.sqlite"
mv "$folder/pg" "$folder/store"
verb 0 verify
verb 0 list --all --limit 1000 --json
cmp "$folder/list.before" "$folder/out" || fail "the list is another one on PostgreSQL"
verb 0 backup "$folder/from-postgresql"
mv "$folder/store" "$folder/store.pg"
sed -i "s|$name?|${name}_b?|" "$config"
verb 0 store restore "$folder/from-postgresql"
verb 0 list --all --limit 1000 --json
cmp "$folder/list.before" "$folder/out" || fail "the list is another one after restoring to PostgreSQL"
rm -rf "$folder/store"
sed -i '/^store:/d' "$config"
verb 0 store restore "$folder/from-postgresql"
verb 0 list --all --limit 1000 --json
cmp "$folder/list.before" "$folder/out" || fail "the list is another one after restoring to SQLite"
for n in $name ${name}_b; do psql -q "$POSTGRES" -c "DROP DATABASE $n" || fail "a connection was left open"; done
