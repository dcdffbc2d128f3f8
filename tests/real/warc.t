#!/bin/sh
# What `evidence export` writes is read by others: npm's warcio, and a lint of WARC where one lies beside this checkout.
# usage: WATCHDESK=PROGRAM SITE=PROGRAM sh tests/real/warc.t     (needs npm and python3; skipped without, by name)
. tests/e2e/lib.sh

command -v npm >/dev/null && command -v node >/dev/null || { echo 'skipped: no npm'; exit 0; }
mkdir "$folder/npm"
(cd "$folder/npm" && npm init -y && npm install --no-audit --no-fund warcio@2) >"$folder/npm.log" 2>&1 ||
	{ echo "skipped: npm cannot install warcio: $(tail -n 1 "$folder/npm.log")"; exit 0; }
warcio=$folder/npm/node_modules/.bin/warcio
cat >"$folder/npm/digests.mjs" <<-'END'
	// Read every record with warcio; compare each digest that the record names with that of its bytes.
	import { createHash } from 'node:crypto';
	import { createReadStream } from 'node:fs';
	import { WARCParser } from 'warcio';
	const sha256 = (bytes) => 'sha256:' + createHash('sha256').update(bytes).digest('hex');
	for (const file of process.argv.slice(2)) {
	  let records = 0;
	  for await (const record of new WARCParser(createReadStream(file), { parseHttp: false })) {
	    const block = await record.readFully(false);
	    const named = (name) => record.warcHeader(name);
	    if (named('WARC-Block-Digest') !== sha256(block)) throw new Error(`block of ${named('WARC-Record-ID')} in ${file}`);
	    if (named('WARC-Payload-Digest')) {
	      const end = Buffer.from(block).indexOf('\r\n\r\n') + 4;
	      if (named('WARC-Payload-Digest') !== sha256(block.subarray(end)))
	        throw new Error(`payload of ${named('WARC-Record-ID')} in ${file}`);
	    }
	    records++;
	  }
	  console.log(records);
	}
END

start_site
whole_site | configure
verb 0 crawl
verb 0 list --all --json
cp "$folder/out" "$folder/list.json"
packs=0
for id in $(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/list.json"); do
	verb 0 evidence list "$id" --json
	grep -q '"id":"' "$folder/out" || continue # below the severity that is sealed
	verb 0 evidence export "$id" -o "$folder/packs/$id"
	packs=$((packs + 1))
done
[ $packs -ge 10 ] || fail "only $packs packs"

# warcio's own index has a line for each of ours: the same key, time, offset and length.
places() {
	grep '"status"' | sed 's/^\([^ ]* [0-9]*\) .*"length":"\([0-9]*\)","offset":"\([0-9]*\)","filename":"\([^"]*\)".*/\1 \2 \3 \4/' | sort
}
"$warcio" cdx-index "$folder"/packs/*/*.warc.gz >"$folder/theirs" || fail 'warcio cdx-index'
places <"$folder/theirs" >"$folder/theirs.places"
cat "$folder"/packs/*/*.cdxj | places >"$folder/ours.places"
[ "$(wc -l <"$folder/ours.places")" -ge $packs ] && cmp "$folder/ours.places" "$folder/theirs.places" || fail 'the index is not the same'
(cd "$folder/npm" && node digests.mjs "$folder"/packs/*/*.warc.gz) >"$folder/counts" || fail 'warcio does not agree on the digests'
for warc in "$folder"/packs/*/*.warc.gz; do
	zcat "$warc" | grep -ac '^WARC/1.1'
done >"$folder/wanted"
cmp "$folder/wanted" "$folder/counts" || fail 'warcio sees other records'
echo "ok: warcio reads $packs packs, agrees on every digest and on every line of the index"

lint=../shared/harness/warc_lint.py
if [ ! -f $lint ]; then
	echo "skipped: $lint is not beside this checkout"
elif ! command -v python3 >/dev/null; then
	echo 'skipped: no python3'
else
	python3 $lint "$folder"/packs/*/*.warc.gz >"$folder/lint" || { cat "$folder/lint" >&2; fail 'the lint is not content'; }
	echo "ok: $(grep -c OK "$folder/lint") packs pass the lint"
fi
