#!/bin/sh
# A threat as a folder for the police: pages, sealed captures, custody and a statement, which anybody checks with sha256sum and openssl.
. tests/e2e/lib.sh

start_site
configure <<'END'
  - name: good
    files: ["@URL@/raw/warning", "@URL@/raw/hostile-terminal"]
    pace: 0
    every: 1h
    allow_private: true
END
verb 0 crawl
verb 0 list --all --json
finding=$(sed -n 's|^{"id":"\([0-9a-f]*\)".*/raw/warning".*|\1|p' "$folder/out")
[ -n "$finding" ] || fail 'the threat was not found'
verb 0 takedown open "$finding" --grounds threat --json
id=$(sed -n 's/.*"takedown":"\([0-9a-f]*\)".*/\1/p' "$folder/out")
verb 0 takedown draft "$id" --template threat --to abuse@paste.example.net

# One command, and what it says can be followed to the letter.
verb 2 takedown export "$id"
verb 0 takedown export "$id" --output "$folder/pack"
expect_line 'it says where' 'pack/case\.html: 1 finding, 1 sealed item opened' "$folder/out"
(cd "$folder/pack" && sha256sum --quiet -c SHA256SUMS) || fail 'a digest is wrong'
expect 'files without a digest' '' "$(cd "$folder/pack" && find . -type f ! -name SHA256SUMS | sed 's|^\./||' | sort | while read -r f; do grep -qF "  $f" SHA256SUMS || echo "$f"; done)"
(cd "$folder/pack/evidence/$finding" && sha256sum --quiet -c SHA256SUMS && gzip -t ./*.warc.gz) || fail 'the evidence does not verify'
(cd "$folder/pack/evidence/$finding/custody" && sh VERIFY.txt >"$folder/verified") || fail 'custody does not verify'
[ "$(stat -c %a "$folder/pack/case.html")" = 600 ] || fail 'others can read it'
for words in 'Statement of the operator' 'The text' 'keep yourself distant' 'What was written' 'To</dt><dd><bdi>abuse@paste.example.net'; do
	grep -qF "$words" "$folder/pack/case.html" || fail "case.html lacks: $words"
done
expect_line 'the address as it was found' "<bdi>$url/raw/warning</bdi>" "$folder/pack/case.html"
expect_no_line 'no live link to it' "href=\"$url" "$folder/pack/case.html"
expect_json 'case.json' "$folder/pack/case.json"
expect_line 'the capture itself' 'keep yourself distant' "$(zcat "$folder/pack/evidence/$finding/$finding.warc.gz" >"$folder/warc"; echo "$folder/warc")"
expect 'who took it out' "1|$(id -un)" "$(query "SELECT count(*), operator FROM custody WHERE act = 'export' AND detail LIKE '%takedown%'")"

# A folder that holds something, a key that is another's, and one byte that was altered.
verb 2 takedown export "$id" --output "$folder/pack"
expect_line 'it is not written over' 'is not empty' "$folder/err"
printf 'x' >>"$folder/pack/case.json"
! (cd "$folder/pack" && sha256sum --quiet -c SHA256SUMS >/dev/null 2>&1) || fail 'an altered file passes'

# Without the private key the pages and custody are there, and it says what is not.
mv "$folder/store/evidence.key" "$folder/away"
verb 3 takedown export "$id" --output "$folder/second"
expect_line 'which key' 'key' "$folder/err"
verb 0 takedown export "$id" --output "$folder/third" --key "$folder/away"
verb 0 verify

# What nobody has asked for yet, by host.
verb 0 takedown numbers --json
expect_json numbers "$folder/out"
expect_line 'a case that was not sent' '"host":"127.0.0.1","targets":1,"asked":0,"removed":0' "$folder/out"
