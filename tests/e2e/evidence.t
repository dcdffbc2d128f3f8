#!/bin/sh
# What a finding was is sealed, shown with its secrets to who has the key, written out, rendered; and what was altered is named.
. tests/e2e/lib.sh

# The id of the finding whose address ends so.
finding_at() {
	sed -n "s|^{\"id\":\"\([0-9a-f]*\)\".*\"url\":\"[^\"]*$1\".*|\1|p" "$folder/list.json" | head -n 1
}

# One of the posts moves the cursor of whoever reads it.
mkdir "$folder/changes"
cat tests/site/posts/combo.txt tests/site/posts/hostile-terminal.txt >"$folder/changes/combo.txt"
start_site --changes "$folder/changes"
whole_site | configure
verb 0 crawl
verb 0 evidence --help
verb 0 list --all --json
cp "$folder/out" "$folder/list.json"
combo=$(finding_at /raw/combo)
warning=$(finding_at /raw/warning)
[ -n "$combo" ] && [ -n "$warning" ] || fail 'the findings are not there'

# Sealed, with the key beside it, and unreadable without.
expect 'the private half is for its owner only' 600 "$(stat -c %a "$folder/store/evidence.key")"
expect_line 'segments begin with their header' '^watchdesk segment 1$' "$folder/store/segments/000001.seg"
for secret in 'Pepper9160' 'keep yourself distant' 'combo' 'HTTP/1.1'; do
	expect_no_line 'a segment shows nothing' "$secret" "$folder/store/segments/000001.seg"
done
verb 0 evidence
[ "$(wc -l <"$folder/out")" -ge 10 ] || fail 'few captures were sealed'
expect_line 'the list names the address' 'capture .* 200  http://.*/raw/combo$' "$folder/out"
verb 0 evidence --json
expect_json 'evidence list' "$folder/out"
expect 'captures and items' "$(query 'SELECT count(*) FROM evidence')" "$(wc -l <"$folder/out")"
verb 0 evidence list "$combo" --json
expect 'captures of one finding' 1 "$(wc -l <"$folder/out")"
start=$(sed -n 's/.*"start":\([0-9]*\).*/\1/p' "$folder/out")
verb 0 evidence list --limit 3
expect 'a limit' 3 "$(wc -l <"$folder/out")"
verb 2 evidence list zzzzzz
verb 2 evidence nonsense
verb 2 evidence export "$combo"
expect_line 'it says what is missing' 'say where it goes: --output FOLDER' "$folder/err"
verb 2 evidence export --output "$folder/pack"
verb 2 evidence render "$combo" --output "$folder/pack"

# Masked, unless somebody with the key asks; and that stays on record.
verb 0 show "$combo"
expect_no_line 'masked' 'Pepper9160' "$folder/out"
expect 'nobody has looked' 0 "$(query "SELECT count(*) FROM custody WHERE act = 'unmask'")"
verb 0 show "$combo" --unmask
expect_line 'unmasked' 'Pepper9160' "$folder/out"
expect_line 'it says from when' '^Text with its secrets, as captured 20' "$folder/out"
expect 'who looked' "1|finding $combo|$(id -un)" "$(query "SELECT count(*), subject, operator FROM custody WHERE act = 'unmask'")"
verb 0 show "$combo" --unmask --json
expect_json 'show --unmask' "$folder/out"
expect_line 'unmasked in JSON' '"unmasked":".*Pepper9160' "$folder/out"
verb 0 show "$combo" --unmask
expect_line 'the end of the text' 'bell .* backspace' "$folder/out"
expect 'lines with control bytes' 0 "$(LC_ALL=C grep -c "$(printf '[\001-\010\013-\037\177]')" "$folder/out")"

# The key is taken away: sealing goes on, reading does not, and a sentence says so.
mv "$folder/store/evidence.key" "$folder/key"
for v in "show $combo --unmask" "evidence export $combo -o $folder/pack" "evidence render $combo --pdf -o $folder/pack"; do
	verb 3 $v
	expect_line 'without the key' 'evidence can be written and verified, not read: .*evidence.key is not there; bring it back or give --key FILE' "$folder/err"
done
expect 'nothing was written' 0 "$(ls "$folder/pack" 2>/dev/null | wc -l)"
verb 0 crawl
verb 0 evidence
verb 3 show "$combo" --unmask --key "$folder/store/evidence.pub"
expect_line 'the other half' 'is the public half, which opens nothing' "$folder/err"
verb 0 show "$combo" --unmask --key "$folder/key"
expect_line 'a key by name' 'Pepper9160' "$folder/out"

# A pack that checks itself with sha256sum alone.
verb 0 evidence export "$combo" --key "$folder/key" -o "$folder/pack"
(cd "$folder/pack" && sha256sum -c --quiet SHA256SUMS) || fail 'SHA256SUMS'
expect 'every file is in it' "$(cd "$folder/pack" && find . -type f ! -name SHA256SUMS | wc -l)" "$(wc -l <"$folder/pack/SHA256SUMS")"
zcat "$folder/pack/$combo.warc.gz" >"$folder/warc"
for line in '^WARC-Type: (warcinfo|request|response|metadata|conversion)' '^HTTP/1.1 200' '^WARC-IP-Address: 127.0.0.1' '^configuration-sha256: [0-9a-f]{64}' '^pepper.tiger92@example.net:Pepper9160'; do
	expect_line 'the records' "$line" "$folder/warc"
done
row=$(cd "$folder/pack" && sha256sum rows/*.txt | cut -d' ' -f1)
expect_line 'the digest of its row is in custody' "\"evidence_row\":\"$row\"" "$folder/pack/custody/$(cd "$folder/pack/custody" && grep -l evidence_row ./*.txt | head -n 1)"
content=$(sed -n 's/^content-sha256: //p' "$folder"/pack/rows/*.txt)
command=$(grep -m 1 -o 'tail -c +[0-9].*sha256sum' "$folder/pack/README.txt")
expect 'the records are what was sealed' "$content  -" "$(cd "$folder/pack" && sh -c "$command")"
expect 'who took it out' 1 "$(query "SELECT count(*) FROM custody WHERE act = 'export' AND subject = 'finding $combo'")"
verb 2 evidence export "$combo" --key "$folder/key" -o "$folder/pack"
expect_line 'a pack is not mixed with another' 'is not empty' "$folder/err"

# A rendering: what to install where there is no Chromium; with one, an exhibit. This one writes what Chromium would.
mkdir "$folder/bin"
chmod 755 "$folder" "$folder/bin"
path=$PATH
PATH=$folder/bin
verb_without_tools() {
	"$WATCHDESK" "$@" --config "$config" >"$folder/out" 2>"$folder/err"
	got=$?
}
verb_without_tools evidence render "$warning" --pdf --key "$folder/key" -o "$folder/shots"
PATH=$path
expect 'no Chromium' 2 "$got"
expect_line 'what to install' 'there is no Chromium .*apt install chromium' "$folder/err"
cat >"$folder/bin/chromium" <<-'END'
	#!/bin/sh
	case $1 in --version) echo Chromium 1; exit ;; esac
	for a; do case $a in --print-to-pdf=*) { echo %PDF-1.4; cat page.mhtml; } >"${a#*=}" ;; esac; done
END
chmod 755 "$folder/bin/chromium"
PATH=$folder/bin:$PATH verb 0 evidence render "$warning" --pdf --key "$folder/key" -o "$folder/shots"
expect_line 'a page of its own bytes' '^Content-Location: http://127.0.0.1:.*/raw/warning' "$folder"/shots/*.pdf
expect 'its digest' "$(cat "$folder"/shots/*.pdf | sha256sum | cut -d' ' -f1)" "$(sed -n 's/^SHA-256 \([0-9a-f]*\),.*/\1/p' "$folder/out")"
verb 0 evidence list "$warning"
expect 'an exhibit beside the capture' '1 1' "$(grep -c ' capture ' "$folder/out") $(grep -c ' exhibit ' "$folder/out")"
verb 0 evidence export "$warning" --key "$folder/key" -o "$folder/pack2"
cmp "$folder"/shots/*.pdf "$folder"/pack2/*-exhibit-1.pdf || fail 'the exhibit in the pack'
verb 0 verify

# An altered item is named by file and offset; the others are still there.
printf AAAAAAAA | dd of="$folder/store/segments/000001.seg" bs=1 seek=$((start + 100)) conv=notrunc 2>/dev/null
verb 5 evidence export "$combo" --key "$folder/key" -o "$folder/pack3"
expect_line 'the damage is named' "000001.seg, offset $start: the sealed bytes were altered" "$folder/err"
verb 5 show "$combo" --unmask --key "$folder/key"
verb 5 verify
expect_line 'verify names it too' "000001.seg, offset $start: the sealed bytes were altered" "$folder/out"
verb 0 evidence export "$warning" --key "$folder/key" -o "$folder/pack4"
mv "$folder/store/segments" "$folder/aside"
verb 5 evidence export "$warning" --key "$folder/key" -o "$folder/pack5"
expect_line 'what is missing is named' '000001.seg is missing' "$folder/err"
