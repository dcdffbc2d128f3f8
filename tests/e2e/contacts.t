#!/bin/sh
# Who may be written to about a host: five registries on loopback, each in its shape, and those that answer badly.
. tests/e2e/lib.sh

: >"$folder/where"
python3 -u tests/rdap/serve >"$folder/where" 2>"$folder/asked" &
servers="$servers $!"
while ! url=$(grep . "$folder/where"); do sleep 0.02; done
port=${url##*:}

mkdir "$folder/registries"
# lists ARIN RIPE APNIC LACNIC AFRINIC NAMES THIN: where each registry is
lists() {
	cat >"$folder/registries/ipv4.json" <<-END
	{"services":[[["192.0.2.0/24"],["$url/$1/"]],[["198.51.100.0/24"],["$url/$2/"]],[["203.0.113.0/24"],["$url/$3/"]]]}
	END
	cat >"$folder/registries/ipv6.json" <<-END
	{"services":[[["2001:db8:8000::/33"],["$url/$4"]],[["2001:db8::/33"],["$url/$5/"]]]}
	END
	cat >"$folder/registries/dns.json" <<-END
	{"services":[[["localhost"],["$url/$6/"]],[["thin.localhost"],["$url/$7/"]]]}
	END
}
lists arin ripe apnic lacnic afrinic registry thin
configure <<'END'
  - name: pastes
    files: ["@URL@/raw/1"]
    pace: 0
    allow_private: true
END
cat >>"$config" <<END
takedowns: {registries: registries}
END

verb 0 crawl # makes the store

# found ADDRESS PATTERN: asked about a site at that address, it names this contact
found() {
	verb "${4:-0}" takedown contacts "$1" --address "$2"
	expect_line "$1 at $2" "$3" "$folder/out"
}
found "$url/raw/1" 192.0.2.10 'network   abuse@arin\.example\.net'
found "$url/raw/1" 198.51.100.10 'network   abuse@ripe\.example\.net'
found "$url/raw/1" 203.0.113.10 'network   helpdesk@apnic\.example\.net'
found "$url/raw/1" 2001:db8:8000::10 'network   abuso@lacnic\.example\.net'
found "$url/raw/1" 2001:db8::10 'network   tech@afrinic\.example\.net'
expect_line "who is no abuse desk comes with that word" 'who is no abuse desk' "$folder/out"
expect_line "the site's own" 'site      security@paste\.example\.org' "$folder/out"
expect_line "a list of addresses is none" 'security.txt of site: .*a@example\.net, b@example\.net' "$folder/out"

# A name nobody resolves is asked about by its registry and, with --address, by that of its server.
found paste.example.localhost 192.0.2.10 'registrar abuse@registrar\.example\.net'
expect_line "the guess stands before the registrar" 'site      abuse@example\.localhost' "$folder/out"
found paste.thin.localhost 192.0.2.10 'registrar abuse@registrar\.example\.net' # the registry points to it

# Registries that do not do what they should: the sentence says what, and the rest is found all the same.
trouble() {
	found paste.example.localhost 192.0.2.10 "$2"
	expect_line "the rest with $1" 'site      abuse@example\.localhost' "$folder/out"
}
lists moved ripe apnic lacnic afrinic page thin
trouble moved 'network   abuse@arin\.example\.net'
trouble page '/page/domain/example\.localhost: the answer is not JSON'
lists loop ripe apnic lacnic afrinic nested thin
trouble loop '/loop/ip/192\.0\.2\.10: it leads from one address to the next, more than 5 times'
trouble nested '/nested/domain/example\.localhost: .*deep'
lists busy ripe apnic lacnic afrinic huge thin
trouble busy '/busy/ip/192\.0\.2\.10: it has been asked too often and may be asked again from 20'
trouble huge '/huge/domain/example\.localhost: '
lists header ripe apnic lacnic afrinic nobody thin
trouble header 'rdap of network: .*abuse@example\.net'
trouble nobody '/nobody/domain/example\.localhost knows nothing of it'
expect_no_line "a header of a stranger" '^Bcc' "$folder/out"
echo '[]' >"$folder/registries/dns.json"
trouble "no list" 'the list of registries dns\.json: it has no list'

# What was found is kept, and the lists are refreshed only by ones that can be read.
lists arin ripe apnic lacnic afrinic registry thin
verb 0 takedown contacts paste.example.localhost --address 192.0.2.10 --json
expect_json "contacts" "$folder/out"
verb 4 takedown contacts --refresh "$url/none/"
expect_line "a list that is not there" '/none/dns\.json: it is not there' "$folder/err"
verb 1 takedown contacts --refresh "$url/page/"
expect_line "the list stays" 'thin' "$folder/registries/dns.json"
verb 2 takedown contacts
