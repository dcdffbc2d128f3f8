#!/bin/sh
# train: a model is fitted on labelled texts; what is wrong leaves the old one; a broken one is refused and the parts go on.
. tests/e2e/lib.sh

calm='"labels": {"violence": 0, "extortion": 0, "leak": 0, "dox": 0}, "lang": "en"'

# row HEAD SOURCE TEXT
row() {
	echo "{\"text\": \"$3\", \"labels\": {\"$1\": 1}, \"lang\": \"en\", \"source\": \"$2\"}"
}

# Few texts of each category from two sources, and everyday ones.
{
	for source in north south; do
		row violence $source "I will shoot everybody at the $source gate tomorrow morning."
		row violence $source "We are going to kill you and burn the $source office on Friday."
		row extortion $source "Pay 3 bitcoin to the $source wallet within 48 hours or we publish your files."
		row extortion $source "Your $source network is encrypted. Pay the ransom or lose everything."
		row leak $source "Selling the customer database of a $source company, 2 million rows, price by message."
		row leak $source "Fresh $source dump for sale, samples inside, first come first served."
		row dox $source "Name: Ada Brook. Address: 4 $source Lane. Phone: 555-0100. Works at the mill."
		row dox $source "He lives at 12 $source Street, his mother is called Ida, go and say hello."
	done
	for n in 1 2 3 4 5 6 7 8; do
		echo "{\"text\": \"The $n soups need another twenty minutes and a lid.\", $calm, \"source\": \"kitchen\"}"
		echo "{\"text\": \"It rained for $n hours and cleared after lunch; we sat outside until the evening came and talked of the garden, of the neighbour's dog and of what to plant next to the wall when the frost is over.\", $calm, \"source\": \"weather\"}"
	done
	echo "{\"text\": \"The paper says that a man threatened to shoot people.\", $calm, \"reports\": true, \"kind\": \"news\"}"
} >"$folder/rows.jsonl"
gzip -c "$folder/rows.jsonl" >"$folder/rows.jsonl.gz"
cd "$folder" || exit 3
mkdir model

# The same texts and seed give the same bytes, compressed or not; another seed does not.
verb 2 train --no-own-texts rows.jsonl # the configuration that is named has to be there
expect_line "no configuration" 'configuration' err
config=watchdesk.yaml
printf 'organisation: Example Pictures\ncontact: watchdesk@example.com\nmodel: model/own.bin\n' >"$config"
printf 'assets:\n  - name: Example Pictures\n    domains: [example.com]\n' >>"$config"
verb 0 train --no-own-texts --unseen unseen rows.jsonl
cp out said
expect_line "counts" '^violence +4 +11 ' said
expect_line "recall by ordinary texts" '^extortion .* of 1[0-9] ordinary texts' said
expect_line "recall without them" '^report .*texts of all kinds|^report .* -$' said
expect_line "sources" '^  kitchen +[0-9]+' said
expect_line "where it is" '^model/own.bin has the model with digest [0-9a-f]{16}$' said
[ -s model/own.bin ] || fail "the configured model was not written"
expect "nothing else" own.bin "$(ls model)"
verb 0 train --no-own-texts --output second.bin rows.jsonl.gz
cmp model/own.bin second.bin || fail "the same texts give other bytes"
verb 0 train --no-own-texts --output second.bin --seed 2 rows.jsonl
! cmp -s model/own.bin second.bin || fail "the seed is not used"
verb 0 train --no-own-texts --output second.bin --without words,pieces rows.jsonl
! cmp -s model/own.bin second.bin || fail "nothing was left out"
verb 0 train --no-own-texts --output second.bin --json rows.jsonl
expect_json "train --json" out
expect "heads in JSON" 5 "$(count '"table":"head"' out)"
(cd model && rm -f ../language.bin && cd .. && "$WATCHDESK" train --no-own-texts rows.jsonl --config nowhere.yaml >/dev/null 2>&1)
[ ! -e language.bin ] || fail "written in spite of a configuration that is not there"

# What did not see a text says of it; the text itself is nowhere.
expect_json "--unseen" unseen
expect_line "a row" '^\{"source":"north","kind":"","lang":"en","labels":\{"violence":1\},"odds":\[(-?[0-9.e-]+,){4}-?[0-9.e-]+\],"scores":\[' unseen
expect_line "one written by hand" '^\{"source":"own/news","kind":"news",.*"report":1\}' unseen
expect_no_line "a text" 'shoot|soup|bitcoin' unseen

# It is in force: scan, eval and doctor have it.
echo 'I will shoot everybody at the school tomorrow.' >post
verb 0 eval rows.jsonl
expect_line "eval takes the configured model" ' sources, model/own.bin$' out
verb 0 eval --model second.bin rows.jsonl
expect_line "or the one that is named" ' sources, second.bin$' out
"$WATCHDESK" scan --config "$config" post >out 2>err
expect "what scan complains of" 0 "$(wc -l <err)"
"$WATCHDESK" doctor --config "$config" >out
expect_line "doctor" '^ok +the model of threat language +model/own.bin, digest [0-9a-f]{16}$' out

# A broken or foreign one is refused, with the reason, and the parts go on alone.
cp model/own.bin whole
broken() { # WHAT PATTERN
	"$WATCHDESK" scan --config "$config" --verbose post >out 2>err
	expect "scan with a model that is $1" 1 $?
	expect_line "parts with a model that is $1" 'violence 0\.[5-9]' out
	expect_line "$1, said by scan" "^warn model-refused why=\"$2.*parts alone" err
	"$WATCHDESK" doctor --config "$config" >out
	expect "doctor with a model that is $1" 1 $?
	expect_line "$1, said by doctor" "^NO +the model of threat language +$2" out
	verb 2 eval rows.jsonl
	expect_line "$1, said by eval" "$2" err
}
head -c 100000 whole >model/own.bin
broken truncated 'model/own.bin: a model of version 2, digest [0-9a-f]{16}, whose size is not right'
{ head -c 1000000 whole; printf '\377\377\377'; tail -c +1000004 whole; } >model/own.bin
broken damaged 'model/own.bin: a model of version 2, digest [0-9a-f]{16}, whose bytes do not have that digest'
{ printf 'WDLANG9\n'; tail -c +9 whole; } >model/own.bin
broken foreign 'model/own.bin: no model of language'
: >model/own.bin
broken empty 'model/own.bin: no model of language'
{ cat whole; echo; } >model/own.bin
broken longer '(model/own.bin: .*whose size is not right|.*more than)'
mv model/own.bin aside
"$WATCHDESK" doctor --config "$config" >out
expect_line "a file that is not there" '^NO +the model of threat language +cannot open model/own.bin' out
cp whole model/own.bin

# What is wrong is said with its place, and the old file stays.
wrong() { # WHAT LINE PATTERN: the line behind 10 right ones
	{ head -n 10 rows.jsonl; echo "$2"; tail -n +11 rows.jsonl; } >wrong.jsonl
	verb "$4" train --no-own-texts wrong.jsonl
	expect_line "$1" "^watchdesk: $3" err
	cmp -s whole model/own.bin || fail "$1: the old model is gone"
}
wrong "an unknown label" '{"text": "a", "labels": {"arson": 1}, "source": "x"}' 'wrong.jsonl:11: there is no label "arson"' 1
wrong "a label that is neither" '{"text": "a", "labels": {"leak": 0.5}, "source": "x"}' 'wrong.jsonl:11: labels.leak is 0.5, expected 0 or 1' 1
wrong "bad JSON" '{"text": "a", ' 'wrong.jsonl:11: ' 1
wrong "no text" '{"labels": {"leak": 1}, "source": "x"}' 'wrong.jsonl:11: "text" is missing' 1
wrong "no source" '{"text": "a", "labels": {"leak": 1}}' 'wrong.jsonl:11: "source" is missing' 1
grep -v '"dox": 1' rows.jsonl >wrong.jsonl
verb 2 train --no-own-texts wrong.jsonl
expect_line "no positives" 'no text among [0-9]+ is dox, expected some of each category' err
verb 3 train --no-own-texts rows.jsonl nowhere.jsonl
verb 3 train --no-own-texts --output no/where.bin rows.jsonl
verb 2 train --no-own-texts --without words,letters rows.jsonl
expect_line "a group that is none" '^watchdesk: --without letters: no such group of features, expected words, pieces, senses or facts' err
verb 2 train --no-own-texts --seed first rows.jsonl
verb 2 train --no-own-texts
expect_line "nothing to learn from" 'nothing to learn from' err
verb 2 train --reference rows.jsonl rows.jsonl
cmp -s whole model/own.bin || fail "the old model is gone"
expect "no file is left over" own.bin "$(ls model)"

# With verdicts: what an analyst said is learned, from the model in force, and kept only when the reference sets do not suffer.
cd "$OLDPWD" || exit 3
rm "$folder/$config"
config=$folder/watchdesk.yaml
start_site
whole_site | configure
verb 0 crawl
verb 2 train --with-verdicts --no-own-texts --output "$folder/new.bin" "$folder/rows.jsonl"
expect_line "no verdicts" 'no finding is marked confirmed or false-positive' "$folder/err"
verb 0 list --json
for category in violence extortion leak dox; do
	id=$(grep -m 1 "\"category\":\"$category\"" "$folder/out" | sed 's/{"id":"\([0-9a-f]*\)".*/\1/')
	"$WATCHDESK" mark "$id" confirmed --config "$config" >/dev/null || fail "mark"
done
id=$(tail -n 1 "$folder/out" | sed 's/{"id":"\([0-9a-f]*\)".*/\1/')
"$WATCHDESK" mark "$id" false-positive --config "$config" >/dev/null || fail "mark"
id=$(tail -n 2 "$folder/out" | sed -n '1s/{"id":"\([0-9a-f]*\)".*/\1/p')
"$WATCHDESK" mark "$id" known --config "$config" >/dev/null || fail "mark"
verb 0 train --with-verdicts --no-own-texts --output "$folder/new.bin" --unseen "$folder/unseen"
expect_line "verdicts are a source" '^  verdict +5 +4$' "$folder/out"
expect_line "the own texts are compared" '^the own texts that were put aside:' "$folder/out"
expect_line "with both figures" '^  violence +[0-9]+ are so +average precision 0\.[0-9]+ -> 0\.[0-9]+ ' "$folder/out"
expect_line "a false positive is nothing" '"source":"verdict/[a-z-]+","kind":"verdict",.*"labels":\{"violence":0,"extortion":0,"leak":0,"dox":0\}' "$folder/unseen"
expect "confirmed ones of one head" 1 "$(count '"labels":\{"violence":1\}' "$folder/unseen")"
[ -s "$folder/new.bin" ] || fail "no model was written"

# A re-fit that unlearns what a reference set knows is refused with both figures.
{
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do
		row violence desk "I will shoot $n of you at the school tomorrow."
		echo "{\"text\": \"I will lend $n of you a book tomorrow.\", $calm, \"source\": \"desk\"}"
	done
} >"$folder/reference.jsonl"
sed 's/"violence": 1/"violence": 0/' "$folder/reference.jsonl" >"$folder/unlearn.jsonl"
for n in 1 2 3 4; do sed 's/"violence": 1/"violence": 0/' "$folder/reference.jsonl"; done >>"$folder/unlearn.jsonl"
cp "$folder/new.bin" "$folder/kept.bin"
verb 1 train --with-verdicts --no-own-texts --output "$folder/new.bin" --reference "$folder/reference.jsonl" "$folder/unlearn.jsonl"
expect_line "refused" '^watchdesk: the new model is not kept: for [a-z]+ its average precision on .* is [0-9.]+, that of the model in force [0-9.]+; .*new.bin is as it was' "$folder/err"
expect_line "the reference set" '^  violence +24 are so ' "$folder/out"
cmp -s "$folder/kept.bin" "$folder/new.bin" || fail "the old model is gone"

# All the texts that ship, once; under a sanitizer that takes minutes and shows nothing new.
case $WATCHDESK in
*sanitize*) exit 0 ;;
esac
verb 0 train --output "$folder/new.bin"
expect_line "the own texts" '^  own +[0-9]{4} +[0-9]+$' "$folder/out"
