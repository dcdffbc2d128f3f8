#!/bin/sh
# What an operator does is in custody; what somebody does to the store behind the program's back is found and named.
. tests/e2e/lib.sh

start_site
whole_site | configure
verb 0 crawl
verb 0 verify
expect_line "verify" '^all of it is what was written$' "$folder/out"
verb 0 verify --json
expect_json verify "$folder/out"

id=$("$WATCHDESK" list --json --config "$config" | sed -n '1s/{"id":"\([0-9a-f]*\)".*/\1/p')
openssl genpkey -algorithm ed25519 -out "$folder/key.pem" 2>/dev/null
openssl genpkey -algorithm ed25519 -out "$folder/other.pem" 2>/dev/null
openssl pkey -in "$folder/key.pem" -pubout -out "$folder/key.pub"
verb 0 mark "$id" known --note 'seen before' --sign "$folder/key.pem"
verb 2 mark "$id" confirmed --sign "$folder/key.pub"
verb 0 verify --signer "$folder/key.pub"
expect_line "verify counts signatures" '1 signatures' "$folder/out"
verb 5 verify --signer "$folder/other.pem"
expect_line "whose signature it is" 'signed with a key that is none of those given' "$folder/out"

# A head that was seen outside: on the command line, and in a text that shows it.
head=$(query "SELECT sequence || ':' || lower(hex(hash)) FROM custody ORDER BY sequence DESC LIMIT 1")
verb 0 verify --anchor "$head"
echo "<p>The custody chain ended with <code>$(cat "$folder/store/node.id") $head</code> then.</p>" >"$folder/mail"
verb 0 verify --anchor "$folder/mail"
verb 2 verify --anchor nonsense
verb 2 verify --anchor "$config"

# A time-stamp needs an authority, and one that answers.
verb 2 evidence timestamp
expect_line "no authority" 'names no time-stamp authority' "$folder/err"
cp "$config" "$folder/plain.yaml"
cp "$folder/key.pub" "$folder/ca.pem"
sed -i "s|^contact:.*|&\nevidence:\n  authority: http://127.0.0.1:1/\n  authority_ca: ca.pem|" "$config"
verb 4 evidence timestamp
expect_line "an authority that is not there" '^watchdesk: the time-stamp authority http://127.0.0.1:1/: ' "$folder/err"
mv "$folder/plain.yaml" "$config"

# Behind its back.
cp "$folder/store/watchdesk.db" "$folder/sound.db"
tamper() { # WHAT SQL PATTERN [OPTIONS...]
	query "$2"
	what=$1 pattern=$3
	shift 3
	verb 5 verify "$@"
	expect_line "$what" "$pattern" "$folder/out"
	rm -f "$folder"/store/watchdesk.db-*
	cp "$folder/sound.db" "$folder/store/watchdesk.db"
}
last="(SELECT max(sequence) FROM custody)"
tamper "a verdict" "UPDATE verdict SET verdict = 'confirmed'" 'the verdict "confirmed" is not what entry [0-9]+ of custody says'
tamper "a severity" "UPDATE finding SET severity = 1 WHERE public_id = '$id'" "finding $id: .* altered"
tamper "a text" "UPDATE body SET content = x'00' WHERE id = 3" '^body 3: it cannot be read'
tamper "an entry" "UPDATE custody SET operator = 'nobody' WHERE sequence = $last" 'entry [0-9]+: altered'
tamper "a cut tail" "DELETE FROM custody WHERE sequence = $last" 'its tail was cut' --anchor "$folder/mail"
tamper "a post" "UPDATE revision SET digest = x'00' WHERE id = 5" '^revision 5 of http'
verb 0 verify

# JSON names the kind of each problem.
query "UPDATE custody SET operator = 'nobody' WHERE sequence = $last"
verb 5 verify --json
expect_json "verify --json" "$folder/out"
expect_line "the kind of a problem" '^\{"problem":"custody altered","where":"node [0-9a-f]{8}, entry [0-9]+",' "$folder/out"
