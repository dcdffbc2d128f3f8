#!/bin/sh
# Files behind a real web server, nginx: what did not change comes back as 304, and what is new is found, once.
# usage: WATCHDESK=PROGRAM SITE=PROGRAM sh tests/real/nginx.t     (needs nginx, curl, sqlite3; skipped without)
. tests/real/lib.sh
site=${SITE:?}
PATH=$PATH:/usr/sbin
needs nginx curl sqlite3

nginx_configuration() {
	cat <<-END
	worker_processes 1;
	daemon off;
	pid $folder/nginx.pid;
	error_log $folder/error.log;
	events { worker_connections 256; }
	http {
		access_log $folder/access.log;
		client_body_temp_path $folder/t1; proxy_temp_path $folder/t2; fastcgi_temp_path $folder/t3;
		uwsgi_temp_path $folder/t4; scgi_temp_path $folder/t5;
		server {
			listen 127.0.0.1:$1;
			root $folder/files;
			charset utf-8;
			location /bulk/list/ { default_type text/html; }
			location /bulk/raw/ { default_type text/plain; }
		}
	}
	END
}

# nginx takes no port 0: try some until one is free.
start_nginx() {
	for port in $(seq 8461 8499); do
		nginx_configuration "$port" >"$folder/nginx.conf"
		nginx -p "$folder" -c "$folder/nginx.conf" 2>"$folder/start.log" &
		server=$!
		url=http://127.0.0.1:$port
		while kill -0 "$server" 2>/dev/null; do
			[ -s "$folder/nginx.pid" ] && curl -sf -o "$folder/answer" "$url/bulk/list/0" && return
			sleep 0.05
		done
	done
	fail "nginx: $(cat "$folder/start.log")"
}

configure() {
	cat >"$folder/watchdesk.yaml" <<-END
	organisation: Example Pictures
	contact: watchdesk@example.com
	store: store
	report: report
	assets:
	  - name: Example Pictures
	    domains: [example.com]
	sources:
	  - name: bulk
	    listing: $url/bulk/list/0
	    links: //table[@class="maintable"]//td[1]/a/@href
	    next: //a[@rel="next"]/@href
	    pages: 10
	    raw: $url/bulk/raw/{key}
	    every: 1s
	    pace: 0
	    allow_private: true
	END
}

# A round; what is due a second after it was read is due when the next one starts.
crawl() {
	: >"$folder/access.log"
	"$watchdesk" crawl --config "$folder/watchdesk.yaml" >"$folder/round" 2>&1
	[ $? -le 1 ] || fail "crawl: $(cat "$folder/round")"
	sleep 1.1
}

query() {
	sqlite3 "$folder"/store/watchdesk.db "$1"
}

# Answers of the last round with this status, but for robots.txt.
answers() {
	grep -v robots.txt "$folder/access.log" | grep -c "HTTP/1.[01]\" $1 "
}

# A paste that appears: its file, and a row of the first listing.
add_paste() {
	echo 'screening.room@example.com:Balcony#7723' >"$folder/files/bulk/raw/new"
	sed -i 's#<table class="maintable">#&<tr><td><a href="/bulk/raw/new">new</a></td></tr>#' "$folder/files/bulk/list/0"
}

"$site" --write "$folder/files" --bulk 450 || fail "site --write"
chmod -R a+rX "$folder"
start_nginx
configure
crawl
expect 'the first round reads all pastes' 450 "$(query 'SELECT count(*) FROM post')"
expect 'from three listing pages' 453 "$(answers 200)"
crawl
expect 'the second stores nothing' 450 "$(query 'SELECT count(*) FROM post')"
expect 'and is sent nothing that it has' 0 "$(answers 200)"
[ "$(answers 304)" -ge 1 ] || fail 'nothing came back as 304'
echo "ok: $(answers 304) answers were 304"
add_paste
crawl
expect 'the third finds the new one' 451 "$(query 'SELECT count(*) FROM post')"
expect 'and reads it and the listing that changed' 2 "$(answers 200)"
expect 'its health counts the 304s' 1 "$(query 'SELECT not_modified > 0 AND failure IS NULL FROM health')"
"$watchdesk" list --json --config "$folder/watchdesk.yaml" >"$folder/findings" || fail "list"
expect 'the new paste is one finding' 1 "$(grep -c '/bulk/raw/new' "$folder/findings")"
