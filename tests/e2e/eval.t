#!/bin/sh
# eval: labelled texts are read, the classifier's verdicts on them are counted, and no text is printed or kept.
. tests/e2e/lib.sh

dump='alice@example.com:Winter2024!\nbob@example.org:hunter2hunter\ncarol@example.net:Pa55word99\ndave@example.com:qwertz77x\nerin@example.org:Sommer1999'
calm='"labels": {"violence": 0, "extortion": 0, "leak": 0, "dox": 0}, "lang": "en"'
leak='"labels": {"violence": 0, "extortion": 0, "leak": 1, "dox": 0}, "lang": "en"'

# Two dumps and a text that is none from one source, everyday texts from another, and texts written by hand.
cat >"$folder/rows.jsonl" <<-END
	{"text": "$dump", $leak, "source": "market"}
	{"text": "$dump", $leak, "source": "market"}
	{"text": "Two bicycles, hardly used, free to a good home.", $calm, "source": "market"}
	{"text": "It rained all morning and cleared after lunch.", $calm, "source": "weather"}
	{"text": "Sunny spells, light wind from the west.", $calm, "source": "weather"}

	{"text": "Frost at night, fog in the valleys.", "labels": {"violence": 0}, "source": "weather", "lang": "en"}
	{"text": "$dump", $leak, "kind": "dump"}
	{"text": "The soup needs another twenty minutes.", $leak, "kind": "missed"}
	{"text": "Bread, eggs, two lemons.", $calm, "kind": "list"}
END
gzip -c "$folder/rows.jsonl" >"$folder/rows.jsonl.gz"

# What is printed for other programs.
# Whose model is in force is the configuration's business.
verb 2 eval "$folder/rows.jsonl"
expect_line "a configuration that is not there" 'the configuration' "$folder/err"
printf 'organisation: Example Pictures\ncontact: watchdesk@example.com\n' >"$config"

verb 0 eval --json --scores "$folder/scores" "$folder/rows.jsonl"
expect_json eval "$folder/out"
cp "$folder/out" "$folder/plain.json"
grep -oE '^\{"table":"(thresholds|source|all|kind|language)","head":"leak".*' "$folder/out" | sed 's/,"precision".*"false/,"false/' >"$folder/leak"
expect_line "texts and ordinary ones" '"texts":9,"ordinary":3,"ordinary_sources":\["weather"\]' "$folder/out"
expect_line "texts without a label of a head do not count for it" '"thresholds","head":"leak","ordinary":2,' "$folder/leak"
expect_line "and count for others" '"thresholds","head":"violence","ordinary":3,' "$folder/out"
expect_line "a source with both" '"source",.*"name":"market","texts":3,"positives":2,"roc_auc":1,"pr_auc":1,"recall":\{"1%":1,"0.1%":1,"0.5":1\},"false_alarms":\{.*"0.5":0\}' "$folder/leak"
expect_line "a source without positives" '"source",.*"name":"weather","texts":2,"positives":0,"roc_auc":null,"pr_auc":null,"recall":\{"1%":null,.*"0.5":0\}' "$folder/leak"
expect_line "what was written by hand" '"source",.*"name":"own","texts":3,"positives":2,"roc_auc":[0-9.]+,"pr_auc":[0-9.]+,"recall":\{.*"0.5":0.5\}' "$folder/leak"
expect_line "a kind that is missed" '"kind",.*"name":"missed","texts":1,"positives":1,.*"recall":\{.*"0.5":0\},"false_alarms":\{"1%":null' "$folder/leak"
expect_line "a kind without positives" '"kind",.*"name":"list","texts":1,"positives":0,' "$folder/leak"
expect_line "all" '"all",.*"texts":8,"positives":4,"roc_auc":[0-9.]+,.*"0.5":0.75\},"false' "$folder/leak"
expect_line "calibration" '"calibration","head":"leak","positives":4,"ordinary":2,"error":0.0' "$folder/out"
expect "lines of reliability" 20 "$(count '"reliability"' "$folder/out")"

# Scores for other tools, and never a text.
expect "scores" 9 "$(wc -l <"$folder/scores")"
expect_line "a score" '^\{"source":"own/dump","kind":"dump","lang":"en","labels":\{"violence":0,"extortion":0,"leak":1,"dox":0,"report":0\},"scores":\{.*"leak":0.[5-9]' "$folder/scores"
expect_line "an unknown label is absent" '^\{"source":"weather","lang":"en","labels":\{"violence":0\},' "$folder/scores"
expect_no_line "a text among the scores" 'example\.|soup' "$folder/scores"
expect_no_line "a text in the tables" 'example\.|soup' "$folder/out"

# Compressed is the same; two files are read one after the other.
verb 0 eval --json "$folder/rows.jsonl.gz"
cmp -s "$folder/out" "$folder/plain.json" || fail "gzip changes what is measured"
verb 0 eval --json "$folder/rows.jsonl" "$folder/rows.jsonl.gz"
expect_line "two files" '"texts":18,' "$folder/out"

# For people: no line is too wide.
verb 0 eval --ordinary weather,market --prior 1000 "$folder/rows.jsonl"
expect_line "ordinary sources as named" '^6 ordinary texts' "$folder/out"
expect_line "the prior" 'one post in 1000' "$folder/out"
expect_line "quiet kinds in a line" '^quiet kinds: 1, with 1 texts; none is so' "$folder/out"
expect_no_line "a line of more than 100 columns" '.{101}' "$folder/out"

# What is wrong is said with its place.
verb 2 eval
expect_line "no file" 'usage: watchdesk eval' "$folder/err"
verb 3 eval "$folder/nowhere"
verb 1 eval /dev/null
expect_line "an empty file" 'no labelled text' "$folder/err"
verb 2 eval --ordinary wether "$folder/rows.jsonl"
expect_line "a source that is none" 'no text is of the source "wether"' "$folder/err"
verb 2 eval --prior 1 "$folder/rows.jsonl"
verb 3 eval --scores "$folder/no/where" "$folder/rows.jsonl"
verb 2 eval --model "$folder/rows.jsonl" "$folder/rows.jsonl"
expect_line "a file that is no model" 'rows.jsonl: no model of language' "$folder/err"
verb 3 eval --model "$folder/nowhere" "$folder/rows.jsonl"
echo '{"text": "a", "labels": {"leak": 2}, "source": "x"}' >>"$folder/rows.jsonl"
verb 1 eval "$folder/rows.jsonl"
expect_line "the line and what is wrong with it" 'rows.jsonl:11: labels.leak is 2, expected 0 or 1' "$folder/err"
