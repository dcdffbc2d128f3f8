#!/bin/sh
# What a desk protects and what a text names of it; private documents registered, found in a post, listed and forgotten.
. tests/e2e/lib.sh

asset() {
	"$WATCHDESK" asset "$@" --config "$config"
}

printf 'Jane Roe\r\n\r\nThe Second Film\n' >"$folder/names.txt"
cat >"$config" <<END
organisation: Example Pictures
contact: watchdesk@example.com
store: $folder/store
assets:
  - name: Example Pictures
    domains: [example.com]
    terms_file: names.txt
    ranges: [192.0.2.0/24]
  - name: The Interlude
    terms: [The Interlude]
END

asset list >"$folder/out" || fail 'list'
grep -q '2 assets: 3 names, 1 domains, 1 ranges' "$folder/out" || fail "list says $(cat "$folder/out")"
asset test 'ask jane-roe@mail.example[.]com' >"$folder/out"
expect 'exit code of a text that names us' 1 $?
grep -q 'named, by Jane Roe' "$folder/out" && grep -q 'named, by example.com' "$folder/out" || fail "test says $(cat "$folder/out")"
asset test 'ask at exarnple.com' >"$folder/out"
expect 'exit code of a text that names a look-alike' 0 $?
grep -q 'exarnple.com looks like example.com' "$folder/out" || fail "test says $(cat "$folder/out")"
echo 'myexample.community' | asset explain 'Example Pictures' - >"$folder/out"
expect 'exit code of what is not named' 0 $?
grep -q 'example.com: stands in "myexample.community", which is another word' "$folder/out" || fail "explain says $(cat "$folder/out")"

echo 'ab' >>"$folder/names.txt"
asset list 2>"$folder/out"
expect 'exit code of a wrong line' 2 $?
grep -q 'names.txt:4: "ab" is too short' "$folder/out" || fail "a wrong line: $(cat "$folder/out")"
sed -i '$d' "$folder/names.txt"

mkdir "$folder/papers"
cat >"$folder/papers/plan.txt" <<'END'
It was agreed on Thursday that the premiere moves to the second week of October, that the budget of the second unit is cut by a
fifth, and that nobody outside this room hears of it before the contracts with both of the partners in London have been signed by
the board and filed with the bank. The director keeps the final cut of the picture, and the studio keeps the rights to a sequel.
END
printf 'PK\003\004 no text' >"$folder/papers/plan.docx"
asset fingerprint "$folder/papers" --asset 'Example Pictures' >"$folder/out"
expect 'exit code when a file was skipped' 1 $?
grep -q 'plan.docx: is a ZIP container.*its text must be extracted first' "$folder/out" || fail "a .docx: $(cat "$folder/out")"
grep -q '^1 documents registered' "$folder/out" || fail "registering says $(cat "$folder/out")"
[ "$(stat -c %a "$folder/store/fingerprints" "$folder/store/fingerprint.key" | tr '\n' ' ')" = '600 600 ' ] || fail 'who may read the fingerprints'
grep -aq 'premiere' "$folder/store/fingerprints" && fail 'a word of the document was kept'
tr ' ' '\n' <"$folder/papers/plan.txt" | sed -n '15,60p' | tr '\n' ' ' | fold -s -w 31 | sed 's/^/> /' >"$folder/post"
"$WATCHDESK" scan --json --config "$config" "$folder/post" >"$folder/out"
grep -q '"rule":"document-passage"' "$folder/out" && grep -q 'plan.txt' "$folder/out" || fail "the post: $(cat "$folder/out")"
asset documents | grep -q '1 documents' || fail 'documents'
asset forget "$folder/papers/plan.txt" >/dev/null || fail 'forget'
"$WATCHDESK" scan --json --config "$config" "$folder/post" | grep -q document-passage && fail 'a forgotten document is found'
true
