#!/bin/sh
# Sources behind SOCKS5 proxies: a real one, microsocks, and one of ours that tells names, credentials and circuits.
# usage: WATCHDESK=PROGRAM SITE=PROGRAM sh tests/real/socks.t     (needs Debian's microsocks, python3, sqlite3; skipped without)
#
# microsocks takes one name and password, so it cannot tell circuits: tests/proxy, which answers as Tor does, counts those.
. tests/real/lib.sh
program=${SITE:?}
needs microsocks python3 sqlite3

start_site() {
	"$program" --log "$folder/site.log" >"$folder/url" 2>&1 &
	server="$server $!"
	until [ -s "$folder/url" ]; do sleep 0.05; done
	port=$(sed 's/.*://' "$folder/url")
}

# microsocks takes no port 0: try some until one is free.
start_microsocks() {
	for socks in $(seq 8561 8599); do
		microsocks -i 127.0.0.1 -p "$socks" >"$folder/microsocks.log" 2>&1 &
		pid=$!
		sleep 0.2
		kill -0 "$pid" 2>/dev/null && server="$server $pid" && return
	done
	fail "microsocks: $(cat "$folder/microsocks.log")"
}

start_counter() {
	python3 tests/proxy socks5 "$port" "$folder/counter.log" >"$folder/counter.port" &
	server="$server $!"
	until [ -s "$folder/counter.port" ]; do sleep 0.05; done
	counter=$(cat "$folder/counter.port")
}

# sources PROXY HOST: the site's pastes, forum and feed behind a proxy
sources() {
	cat <<-END
	organisation: Example Pictures
	contact: watchdesk@example.com
	store: $3
	sources:
	  - name: pastes
	    listing: http://$2/archive
	    links: //table[@class="maintable"]//td[1]/a/@href
	    next: //a[@rel="next"]/@href
	    pages: 3
	    raw: http://$2/raw/{key}
	    every: 1s
	    pace: 0
	    proxy: $1
	    allow_private: true
	  - name: forum
	    listing: http://$2/forum/
	    links: //a[@class="thread"]/@href
	    next: //a[@rel="next"]/@href
	    pages: 3
	    post: {item: '//article[@class="post"]', key: ./@id, text: './/div[@class="text"]'}
	    every: 1s
	    pace: 0
	    proxy: $1
	    allow_private: true
	  - name: feed
	    feed: http://$2/feed.xml
	    every: 1s
	    pace: 0
	    proxy: $1
	    allow_private: true
	END
}

# three_rounds STORE: the posts of the first, and nothing new in the others
three_rounds() {
	for round in 1 2 3; do
		"$watchdesk" crawl --config "$folder/$1.yaml" >"$folder/round" 2>&1
		[ $? -le 1 ] || fail "crawl: $(cat "$folder/round")"
		now=$(sqlite3 "$folder/$1/watchdesk.db" 'SELECT count(*) FROM post')
		[ $round -gt 1 ] || posts=$now
		sleep 1.1
	done
	[ "$posts" -gt 40 ] || fail "$1: $posts posts only"
	expect "$1: posts after three rounds" "$posts" "$now"
	expect "$1: sources that fail" 0 "$(sqlite3 "$folder/$1/watchdesk.db" 'SELECT count(*) FROM health WHERE failure IS NOT NULL')"
}

start_site
start_microsocks
sources "socks5h://127.0.0.1:$socks" "localhost:$port" microsocks >"$folder/microsocks.yaml"
three_rounds microsocks
names=$(grep -c "connected to localhost:$port" "$folder/microsocks.log")
[ "$names" -ge 3 ] || fail "microsocks was given $names names: $(head -n 3 "$folder/microsocks.log")"
echo "ok: microsocks was given a name each time: $names"
expect 'connections that were asked for by number' 0 "$(grep 'connected to' "$folder/microsocks.log" | grep -cv 'connected to localhost:')"
grep -q ' 304 ' "$folder/site.log" || fail 'nothing came back as 304'
echo "ok: $(grep -c ' 304 ' "$folder/site.log") answers were 304"
kept=$(sqlite3 "$folder/microsocks/watchdesk.db" 'SELECT DISTINCT address FROM capture')
expect 'the address of a capture is the proxy' "socks5h://127.0.0.1:$socks" "$kept"

# An invented name, which nobody but the proxy can know.
start_counter
sources "socks5h://127.0.0.1:$counter" hidden.onion counter | sed '/allow_private/d' >"$folder/counter.yaml"
three_rounds counter
log=$folder/counter.log
expect 'names of the proxy' hidden.onion "$(awk '{ print $2 }' "$log" | sort -u)"
expect 'sources that are told apart' 'feed forum pastes' "$(awk '{ print $4 }' "$log" | sort -u | xargs)"
expect 'passwords of each source: one a start, so three' 'feed 3 forum 3 pastes 3' \
	"$(awk '{ print $4, $5 }' "$log" | sort -u | awk '{ n[$1]++ } END { print "feed", n["feed"], "forum", n["forum"], "pastes", n["pastes"] }')"
