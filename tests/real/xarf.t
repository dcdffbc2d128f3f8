#!/bin/sh
# A leak that is mailed as XARF is valid by the schemas of XARF 4, where these lie beside this checkout.
# usage: WATCHDESK=PROGRAM SITE=PROGRAM sh tests/real/xarf.t     (needs npm and python3; skipped without, by name)
. tests/e2e/lib.sh

schemas=../shared/schemas/xarf
[ -d $schemas ] || { echo 'skipped: the schemas of XARF are not beside this checkout'; exit 0; }
command -v npm >/dev/null && command -v node >/dev/null || { echo 'skipped: no npm'; exit 0; }
mkdir "$folder/npm" "$folder/www"
(cd "$folder/npm" && npm init -y && npm install --no-audit --no-fund ajv@8 ajv-formats@3) >"$folder/npm.log" 2>&1 ||
	{ echo "skipped: npm cannot install ajv: $(tail -n 1 "$folder/npm.log")"; exit 0; }
cat >"$folder/npm/valid.cjs" <<-'END'
	// usage: node valid.cjs FOLDER FILE...
	const fs = require('fs'), path = require('path'), Ajv = require('ajv/dist/2020').default;
	const [folder, ...files] = process.argv.slice(2), read = (...names) => JSON.parse(fs.readFileSync(path.join(...names)));
	const ajv = new Ajv({ strict: false, allErrors: true });
	require('ajv-formats')(ajv);
	ajv.addSchema(read(folder, 'xarf-core.json'));
	for (const name of fs.readdirSync(path.join(folder, 'types'))) if (name.endsWith('.json')) ajv.addSchema(read(folder, 'types', name));
	const valid = ajv.compile(read(folder, 'xarf-v4-master.json'));
	for (const file of files) if (!valid(read(file))) { console.log(file, valid.errors); process.exitCode = 1; }
END
cat >"$folder/take.py" <<-'END'
	import email, glob, sys
	n = 0
	for name in glob.glob(sys.argv[1] + '/mail/*.eml'):
	    for part in email.message_from_binary_file(open(name, 'rb')).walk():
	        if part.get_filename() == 'xarf.json':
	            n += 1
	            open('%s/%d.xarf.json' % (sys.argv[1], n), 'wb').write(part.get_payload(decode=True))
	print(n)
END
cp tests/site/posts/*.txt "$folder/www"
printf 'dox "of" <b>somebody</b>\nName: Somebody\nPhone: +1 202 555 0143\nSSN: 078-05-1121\nAddress: 1 Example Street\nmail: x@example.com:hunter2\n' >"$folder/www/dox.txt"
start_pages
start_relay
configure <<-END
  - name: paste
    listing: @URL@/
    links: //a/@href
    raw: '{href}'
    every: 1h
    pace: 10ms
    allow_private: true
END
cat >>"$config" <<-END
alerts: {smtp: "smtp://127.0.0.1:$relay", from: watchdesk@example.com, tls: none, pace: 0, ceiling: 1000}
subscriptions:
  - {to: host@example.net, severity: 20, format: xarf, when: at once}
END
verb 0 crawl
"$WATCHDESK" run --config "$config" >"$folder/run" 2>&1 & # sends what waits
monitor=$!
until [ "$(python3 "$folder/take.py" "$folder")" -ge 2 ]; do
	kill -0 $monitor 2>/dev/null || fail "the monitor: $(cat "$folder/run")"
	sleep 0.2
done
kill $monitor && wait $monitor
monitor=''
node "$folder/npm/valid.cjs" $schemas "$folder"/*.xarf.json >"$folder/said" || { cat "$folder/said" >&2; fail 'a report is not valid'; }
echo "ok: $(python3 "$folder/take.py" "$folder") reports are valid XARF 4"
