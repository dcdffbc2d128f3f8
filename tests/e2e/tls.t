#!/bin/sh
# Servers that cannot be trusted, each in its way: health names it, nothing is asked of them, the others are read all the same.
. tests/e2e/lib.sh

# server NAME: one with this certificate, its port in $tls
server() {
	(cd "$folder" && exec openssl s_server -accept 127.0.0.1:0 -WWW -cert "$1.pem" -key "$1.key") >"$folder/$1.said" 2>/dev/null &
	monitor="$monitor $!"
	until grep -qs ^ACCEPT "$folder/$1.said"; do sleep 0.05; done
	tls=$(sed -n 's/^ACCEPT 127.0.0.1:\([0-9]*\)$/\1/p' "$folder/$1.said")
}

# source_of NAME PORT [LINE]...
source_of() {
	printf '  - name: %s\n    files: ["https://127.0.0.1:%s/notice.txt"]\n    pace: 0\n    every: 1h\n    allow_private: true\n' "$1" "$2"
	shift 2
	for line; do printf '    %s\n' "$line"; done
}

tests/certificates "$folder" || fail "$(cat "$folder/openssl.log")"
echo 'The doors open at eight.' >"$folder/notice.txt"
: >"$folder/robots.txt"
start_site
server good
good=$tls
server self
self=$tls
server other
other=$tls
server expired
{
	source_of wrong-pin "$good" 'ca: ca.pem' "pin: $(cat "$folder/other.pin")"
	source_of unknown-root "$good"
	source_of expired "$tls" 'ca: ca.pem'
	source_of wrong-host "$other" 'ca: ca.pem'
	source_of self-signed "$self"
	source_of right-root "$good" 'ca: ca.pem'
	source_of right-pin "$good" 'ca: ca.pem' "pin: $(cat "$folder/good.pin")"
	source_of self-named "$self" 'ca: self.pem'
} | configure

verb 0 crawl
"$WATCHDESK" source health --json --config "$config" >"$folder/health"
while read -r name class words; do
	expect "health of $name" "$class" "$(health_of "$name")"
	[ "$class" = - ] || expect_line "$name is told what is wrong" "\"source\":\"$name\".*$words" "$folder/health"
done <<'END'
wrong-pin TLS another one than pin
unknown-root TLS nobody who is known here vouches
expired TLS has expired
wrong-host TLS for another host
self-signed TLS signed by nobody but itself
right-root -
right-pin -
self-named -
END
