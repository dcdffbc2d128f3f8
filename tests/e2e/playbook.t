#!/bin/sh
# What to do stands with a finding; steps are ticked and taken back on record; letters have the finding's facts in them; a desk's
# own playbook takes the place of the shipped one.
. tests/e2e/lib.sh

finding() {
	query "SELECT public_id FROM finding JOIN post ON post.id = post_id WHERE url LIKE '%/$1.txt%'"
}

mkdir "$folder/in"
url='' port=''
configure <<-END
  - {name: spool, folder: $folder/in, every: 1h}
police:
  - {jurisdiction: Musterstadt, name: police of the town, contact: the number on the wall}
END
echo 'We will bomb the premiere of The Interlude on Friday night and kill everybody who comes.' >"$folder/in/threat.txt"
echo 'logins of Example Pictures: anna@example.com:Gh5pepper77' >"$folder/in/login.txt"
verb 0 crawl
threat=$(finding threat) login=$(finding login)
verb 0 playbook list --json
expect_json 'playbook list' "$folder/out"
expect_line 'shipped' '"name":"threat-to-life".*"own":false' "$folder/out"
verb 0 show "$threat"
expect_line 'with the finding' '^What to do: Threat to life \(threat-to-life\)$' "$folder/out"
expect_line 'whom to call' 'Musterstadt: police of the town, the number on the wall' "$folder/out"
verb 0 show "$login"
expect_line 'by kind of data' '^What to do: Live credentials' "$folder/out"
expect_no_line 'and not another' 'Threat to life' "$folder/out"

verb 2 playbook tick "$threat" nonsense
expect_line 'it says where to look' 'no playbook of this finding has a step nonsense' "$folder/err"
verb 0 playbook tick "$threat" police --note 'called at once, case 12'
verb 0 playbook tick "$threat" police
expect_line 'twice' 'was done already' "$folder/out"
verb 0 playbook "$threat"
expect_line 'ticked' '^  \[x\] police ' "$folder/out"
expect_line 'by whom' "done by $(id -un), 20.* UTC: called at once, case 12" "$folder/out"
verb 0 playbook untick "$threat" threat-to-life/police --note 'it was another case'
verb 0 playbook "$threat" --json
expect_json playbook "$folder/out"
expect_line 'taken back' '"id":"police",.*"done":false,"operator":"[^"]*","at":"20[^"]*","note":"it was another case"' "$folder/out"
expect 'on record' 2 "$(query "SELECT count(*) FROM custody WHERE act = 'playbook' AND subject = 'finding $threat'")"
verb 0 playbook letter "$threat" preserve
for line in '^Request to preserve records' "^Our reference:  $threat$" '^Address:        .*threat.txt' '^SHA-256:        [0-9a-f]{64} ' '^Musterstadt: ' '^watchdesk@example.com$'; do
	expect_line 'the letter' "$line" "$folder/out"
done
expect_no_line 'nothing is left open' '[{}]' "$folder/out"
verb 2 playbook letter "$threat" police
verb 0 playbook tick "$threat" hold
verb 0 report --output "$folder/pages"
page=$folder/pages/finding/$threat.html
expect_line 'on its page by its sentence' '<li><bdi>Keep it, whatever the rules of retention say\.</bdi>' "$page"
expect_line 'and the title of its playbook' '<bdi>Threat to life</bdi>, <bdi>' "$page"
verb 0 report --audience management --output "$folder/pages2"
expect_no_line 'which are of operators' 'Threat to life' "$folder/pages2/finding/$threat.html"
verb 0 verify

# Ours, and what is wrong with it.
mkdir "$folder/own"
cat >"$folder/own/threat-to-life.yaml" <<-'END'
	title: As we do it
	when: {categories: [violence]}
	steps:
	  - {id: desk, words: "Call {police} about {finding}."}
END
echo 'playbooks: own' >>"$config"
verb 0 show "$threat"
expect_line 'ours' '^What to do: As we do it' "$folder/out"
expect_no_line 'instead of the other' 'Threat to life' "$folder/out"
wrong() {
	sed -i "$1" "$folder/own/threat-to-life.yaml"
	verb 2 check
	expect_line 'the place of the mistake' "$2" "$folder/err"
}
wrong 's/{finding}/{finder}/' 'threat-to-life.yaml:4: a text has \{finder\}, expected one of organisation'
wrong 's/{finder}/{finding}/; s/violence/noise/' 'threat-to-life.yaml:2: no category is called noise'
wrong 's/noise/violence/; s/id: desk, //' 'threat-to-life.yaml:4: .*id'
