#!/bin/sh
# A hostile page and a harmless one that must look the same, rendered by a real Chromium: no scripts, no files, no requests.
# usage: WATCHDESK=PROGRAM SITE=PROGRAM sh tests/real/render.t     (needs chromium, python3; skipped without)
. tests/e2e/lib.sh

for need in chromium python3; do
	command -v $need >/dev/null || { echo "skipped: no $need"; exit 0; }
done

text='<p>screening.room@example.com:Balcony#7723</p><p>foley@example.com:Gravel_4411</p>'
mkdir "$folder/www"
chmod 755 "$folder"
cat >"$folder/www/list.html" <<-'END'
	<table class="maintable"><tr><td><a href="/hostile.html">a</a></td></tr><tr><td><a href="/harmless.html">b</a></td></tr></table>
END
cat >"$folder/www/hostile.html" <<-END
	<!doctype html><meta charset="windows-1251"><title>t</title><body style="background:#ffe">$text<p>caf$(printf '\303\251')</p>
	<script>document.write("SCRIPTED"); fetch("/beacon");</script><iframe src="file:///etc/passwd"></iframe><iframe src="/beacon"></iframe>
	<object data="file:///etc/passwd"></object><img src="/beacon" alt="" width="1" height="1"><link rel="stylesheet" href="/beacon">
	<form action="/beacon"></form><style>@import "/beacon"; body { color: #200; }</style><meta http-equiv="refresh" content="0;url=/beacon">
END
sed 's/<script>.*<\/script>//; s/ src="file[^"]*"//; s/<iframe src="\/beacon">/<iframe>/; s/<object[^>]*><\/object>/<object><\/object>/; s/@import[^;]*;//; s/<link[^>]*>//; s/<meta http-equiv[^>]*>//' \
	"$folder/www/hostile.html" >"$folder/www/harmless.html"
cat >"$folder/serve.py" <<-'END'
	import http.server, sys, os
	os.chdir(sys.argv[1])
	class Page(http.server.SimpleHTTPRequestHandler):
	    def end_headers(self):
	        self.send_header("Cache-Control", "no-store")
	        super().end_headers()
	    def guess_type(self, path):
	        return "text/html; charset=utf-8" # over what the page says of itself
	server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
	print("http://127.0.0.1:%d" % server.server_port, flush=True)
	server.serve_forever()
END
python3 "$folder/serve.py" "$folder/www" >"$folder/url" 2>"$folder/requests" &
site=$!
url=''
while [ -z "$url" ]; do
	kill -0 $site || fail "$(cat "$folder/requests")"
	sleep 0.02
	url=$(cat "$folder/url")
done
port=${url##*:}
configure <<-'END'
  - name: pages
    listing: @URL@/list.html
    links: //table//a/@href
    raw: @URL@/{key}
    pace: 0
    allow_private: true
END
verb 0 crawl
verb 0 list --all --json
cp "$folder/out" "$folder/list.json"
: >"$folder/requests"
for page in hostile harmless; do
	id=$(sed -n "s|^{\"id\":\"\([0-9a-f]*\)\".*\"url\":\"[^\"]*/$page.html\".*|\1|p" "$folder/list.json")
	[ -n "$id" ] || fail "$page is no finding: $(cat "$folder/list.json")"
	for form in png pdf; do
		verb 0 evidence render "$id" --$form -o "$folder/$page"
	done
done
cmp "$folder"/hostile/*.png "$folder"/harmless/*.png || fail 'the hostile page looks otherwise'
[ "$(wc -c <"$(ls "$folder"/hostile/*.png)")" -gt 5000 ] || fail 'there is nothing on it'
expect 'requests while rendering' 0 "$(wc -l <"$folder/requests")"
echo 'ok: a hostile page looks like a harmless one, and asked for nothing'
