#!/bin/sh
# Each verb: its help, its JSON, its exit codes; and nothing that a page wrote moves the cursor of whoever reads.
. tests/e2e/lib.sh

start_site
whole_site | configure

# Help, usage, what is not there yet.
for v in init check doctor run crawl scan list show search mark assign triage report subscribe unsubscribe source stage verify backup store evidence train eval; do
	verb 0 $v --help
	expect_line "$v --help" "^usage: |^watchdesk $v " "$folder/out"
	verb 2 $v --no-such-option
	expect_line "$v names the option" 'no-such-option: no such option' "$folder/err"
done
verb 2 frobnicate
verb 2 check surplus
verb 3 list 123456
verb 2 show
verb 2 mark 123456
verb 2 assign 123456
verb 2 stage nonsense
verb 2 source nonsense
verb 2 subscribe
verb 2 unsubscribe
verb 2 list --severity high
verb 2 list --severity 101
verb 3 list
expect_line "a store that is not there" 'there is no store in .*store; run .watchdesk crawl' "$folder/err"
for v in 'subscribe list' 'unsubscribe x@example.com' 'show 123456' 'search word' 'mark 123456 known' report 'source health' verify 'backup x' 'store copy --to x'; do
	verb 3 $v
done
verb 0 check
verb 0 check --json
expect_json check "$folder/out"
cp "$config" "$folder/model.yaml"
echo 'model: none.bin' >>"$folder/model.yaml"
sound=$config config=$folder/model.yaml
verb 3 check
expect_line "a model that is not there" 'none.bin' "$folder/err"
echo 'no model' >"$folder/none.bin"
verb 2 check
expect_line "a file that is no model" 'none.bin: no model of language, expected a file that `watchdesk train` wrote' "$folder/err"
config=$sound
verb 0 source --json
expect_json source "$folder/out"
expect "sources that are listed" 5 "$(wc -l <"$folder/out")"
verb 0 source shipped
expect_line "an engine that ships" '^phpbb3 +engine +verified +phpBB 3' "$folder/out"
expect_line "one that is not verified" '^ransomware-live +engine +not verified' "$folder/out"
verb 0 source shipped --json
expect_json source "$folder/out"

# With a store.
verb 0 crawl
"$WATCHDESK" doctor --json --config "$config" >"$folder/out" # 1 where the kernel cannot confine
expect_json doctor "$folder/out"
verb 2 list --category leaks
expect_line "a category that is none" '^watchdesk: --category leaks: expected violence' "$folder/err"
verb 0 list --json
expect_json list "$folder/out"
cp "$folder/out" "$folder/list.json"
verb 0 list --json --category violence --severity 95
expect "findings that pass the filter" 1 "$(wc -l <"$folder/out")"
verb 0 list --limit 3
expect "findings within the limit" 3 "$(wc -l <"$folder/out")"
verb 1 source health --json
expect_json "source health" "$folder/out"

id=$(sed -n '1s/{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/list.json")
verb 0 show "$id"
expect_line "show says why" 'keep yourself distant' "$folder/out"
verb 0 show "$(echo "$id" | cut -c1-8)" --json
expect_json show "$folder/out"
verb 2 show 12345
verb 2 show zzzzzz
verb 2 mark "$id" wrong
verb 0 mark "$id" false-positive --note 'a test'
verb 0 list
expect_no_line "a false positive leaves the list" 'WARNING$' "$folder/out"
verb 0 list --all
expect_line "and stays in the store" 'WARNING$' "$folder/out"
verb 0 mark "$id" none
verb 0 list
expect_line "a verdict is taken back" '^ 9[0-9] critical .*WARNING$' "$folder/out"

verb 0 search --json popcorn
expect_json search "$folder/out"
verb 0 search no-such-word-anywhere
expect_line "a search that finds nothing" 'nothing holds these words' "$folder/out"
verb 2 search -- -popcorn
verb 0 report

# scan: 1 says that something was found; of several files too, and on standard input.
verb 1 scan tests/site/posts/combo.txt
verb 0 scan tests/site/posts/soup.txt
verb 1 scan --json tests/site/posts/soup.txt tests/site/posts/combo.txt
expect_json scan "$folder/out"
expect "lines, one a file" 2 "$(wc -l <"$folder/out")"
expect "scan of standard input" 1 "$("$WATCHDESK" scan - --config "$config" <tests/site/posts/combo.txt >"$folder/out"; echo $?)"
expect_no_line "scan shows no password" 'Projector#2214' "$folder/out"

# init writes what check accepts, once.
(cd "$folder" && mkdir new && cd new && "$WATCHDESK" init >/dev/null && "$WATCHDESK" check >/dev/null) || fail "init and check"
expect "init leaves a file alone" 2 "$(cd "$folder/new" && "$WATCHDESK" init >/dev/null 2>&1; echo $?)"
config=$folder/nowhere.yaml verb 2 list
config=$folder/nowhere.yaml verb 2 crawl

# A terminal sees no escape and no bell of a page, in text or JSON.
verb 0 list --all
cat "$folder/out" >"$folder/shown"
for word in cursor colour red fdp reversed core strings invoice; do
	for json in '' --json; do
		verb 0 search $json $word
		cat "$folder/out" >>"$folder/shown"
	done
done
"$WATCHDESK" scan tests/site/posts/*.txt >>"$folder/shown"
expect "lines with control bytes" 0 "$(LC_ALL=C grep -c "$(printf '[\001-\010\013-\037\177]')" "$folder/shown")"

# A reader that goes away, a disk that is full: said, not silent.
expect "a full standard output" 3 "$("$WATCHDESK" list --config "$config" 2>/dev/null >/dev/full; echo $?)"
