#!/bin/sh
# New assets and rules over what is stored: new findings, nobody is told of them, what is masked keeps what was said of it; a
# run that is killed goes on where it was, and leaves the same rows as one that is not.
. tests/e2e/lib.sh

mkdir -p "$folder/in" "$folder/rules"
url='' port=''
sources="  - {name: spool, folder: $folder/in, every: 1h}"
configure <<-END
$sources
END
# Posts that become findings once their domain is ours, one whose secret is masked when it is stored, and a lot of noise.
printf "%s\n" "dump of example.com" "boss@example.com:Sunflower#41" "admin@example.com:Winter#2026" >"$folder/in/ours.txt"
printf "%s\n" "clerk@example.net:Autumn#1999" "chief@example.net:Spring#2001" "desk@example.net:Harvest=77" >"$folder/in/new.txt"
echo 'the word quokkafish stands here and nobody looks for it' >"$folder/in/rule.txt"
i=0
while [ "$i" -lt 900 ]; do
	echo "ordinary talk number $i about the weather, a film and what we had for lunch; user$i@example.net says hello" >"$folder/in/n$i.txt"
	i=$((i + 1))
done
verb 0 crawl
db=$folder/store/watchdesk.db
severity_of() {
	sqlite3 "$db" "SELECT severity FROM finding JOIN post ON post.id = post_id WHERE url LIKE '%/$1.txt%'"
}
ours=$(severity_of ours)
[ "$ours" -ge 70 ] || fail "ours: $ours"
digests() {
	sqlite3 "$db" "SELECT hex(secret_digest) FROM hit JOIN finding ON finding.assessment_id = hit.assessment_id JOIN post ON post.id = post_id WHERE url LIKE '%/ours.txt%' AND secret_digest IS NOT NULL ORDER BY 1"
}
before=$(digests)
[ -n "$before" ] || fail 'no secret'

# The same rules: there is nothing to say.
verb 0 rescan --json
expect_json rescan "$folder/out"
expect_line 'nothing new' '"assessments":0,"new_findings":0,"changed_findings":0' "$folder/out"

# Another domain is ours, and a rule is new.
cat >"$folder/rules/own.yaml" <<'END'
rules:
  - id: quokka
    title: Quokka
    family: own
    label: code name
    pattern: quokkafish
    confidence: high
    severity: high
    category: leak
    examples: [the word quokkafish stands]
    counter_examples: [a quokka]
END
sed -i 's/domains: \[example.com, example.org\]/domains: [example.com, example.org, example.net]/' "$config"
printf 'rules: rules\n' >>"$config"
cp -r "$folder/store" "$folder/once"

verb 0 rescan
expect_line 'a rule that came' '^ +\+1 +[-+]0  rule quokka' "$folder/out"
[ "$(severity_of new)" -ge 70 ] || fail "new: $(severity_of new)"
expect 'what was ours' "$ours" "$(severity_of ours)"
expect 'the digests of what is masked' "$before" "$(digests)"
expect 'no mail' 0 "$(sqlite3 "$db" 'SELECT count(*) FROM outbox')"
expect 'runs in custody' 4 "$(sqlite3 "$db" "SELECT count(*) FROM custody WHERE act = 'rescan'")"
verb 0 verify

# Killed again and again, it ends as if it had not been.
rows() {
	sqlite3 "$1" "SELECT key, revision_id, violence, extortion, leak, dox, hex(assessment.digest) FROM assessment JOIN revision ON revision.id = revision_id JOIN post ON post.id = post_id ORDER BY assessment.id;
		SELECT key, severity, category, asset, language, verdict, assessment_id FROM finding JOIN post ON post.id = post_id ORDER BY finding.id;
		SELECT name, came, went FROM rescan_change ORDER BY rescan_id, name; SELECT rule, start_at, masked, hex(secret_digest), gravity FROM hit ORDER BY id;
		SELECT posts, bytes, assessments, new_findings, changed_findings FROM rescan ORDER BY id"
}
rows "$db" >"$folder/rows"
mv "$folder/store" "$folder/whole" && mv "$folder/once" "$folder/store"
at() {
	sqlite3 "$db" 'SELECT coalesce(max(at_post), 0) FROM rescan WHERE ended_at IS NULL'
}
"$WATCHDESK" rescan --config "$config" >"$folder/out" 2>"$folder/err" &
pid=$!
while [ "$(at)" = 0 ] && kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
kill -9 "$pid" 2>/dev/null
wait "$pid" 2>/dev/null
[ "$(at)" -gt 0 ] || fail 'it was over before it was killed'
verb 0 rescan
rows "$db" >"$folder/rows2"
cmp "$folder/rows" "$folder/rows2" || fail 'interrupted and resumed is another store'
verb 0 verify
verb 2 rescan --since yesterday
verb 0 rescan --since 2199-01-01 --json
expect_line 'none since' '"posts":0,' "$folder/out"
