#!/bin/sh
# A post that quotes a threat is marked, is less severe than the threat, and names it; an asset that only the title of a post or
# the name of its source names is inferred, and weighs less than one that the text names.
. tests/e2e/lib.sh

posts=$folder/posts
mkdir "$posts"
printf 'note\tpaste\t0\t30\tutf-8\tviolence\tcellar_noise\tto the people at the gate\n' >"$posts/index"
cat >"$posts/note.txt" <<'END'
I know the car park behind stage 4 and I know when the night shift ends. Thursday I am waiting there with a gun and I will
shoot whoever comes out first, the guards of Example Pictures before anyone else. Nobody walks home on Thursday.
END
# The same threat without our name, under a title that has it.
printf 'titled\tpaste\t0\t29\tutf-8\tviolence\tcellar_noise\tto Example Pictures\n' >>"$posts/index"
cat >"$posts/titled.txt" <<'END'
I know the car park behind the stage and I know when the night shift ends. Thursday I am waiting there with a gun and I will
shoot whoever comes out first, the guards before anyone else. Nobody walks home on Thursday.
END
printf 'untitled\tpaste\t0\t28\tutf-8\tviolence\tcellar_noise\tto the others\n' >>"$posts/index"
sed 's/Thursday/Friday/' "$posts/titled.txt" >"$posts/untitled.txt"

round() {
	start_site --posts "$posts"
	configure <<-'END'
	  - name: smallpaste
	    listing: @URL@/archive
	    links: //table[@class="maintable"]//td[1]/a/@href
	    raw: @URL@/raw/{key}
	    every: 1h
	    pace: 0
	    allow_private: true
	END
	[ -z "${place:-}" ] || sed -i "s|^contact:.*|&\nstore: $place|" "$config"
	verb 0 crawl
	kill "$site"
	wait "$site" 2>/dev/null
}

# of KEY NAME: a field of the finding whose address ends so
of() {
	"$WATCHDESK" list --json --config "$config" | sed -n "/\/raw\/$1\"/s/.*\"$2\":\"\{0,1\}\([^,\"]*\).*/\1/p"
}

# What must hold on each engine; the news comes a round later.
judge() {
	rm -rf "$folder/store"
	head -n 3 "$posts/index" >"$posts/index.new" && mv "$posts/index.new" "$posts/index"
	round
	verb 0 show "$(of titled id)"
	expect_line 'where the asset comes from' '^  - the asset Example Pictures is inferred from the title "to Example Pictures"$' "$folder/out"
	expect_line 'what that is worth' 'our asset Example Pictures is inferred, the text does not name it: \+10$' "$folder/out"
	expect_line 'the asset that is inferred' '^asset +Example Pictures \(inferred' "$folder/out"
	expect 'the asset that is inferred' 'Example Pictures' "$(of titled asset)"
	expect 'no asset is inferred from nothing' '' "$(of untitled asset)"
	[ "$(of untitled severity)" -lt "$(of titled severity)" ] || fail 'an inferred asset adds nothing'
	[ "$(of titled severity)" -lt "$(of note severity)" ] || fail 'an inferred asset weighs as much as a named one'
	"$WATCHDESK" mark "$(of titled id)" confirmed --config "$config" >/dev/null || fail 'mark'
	verb 0 show "$(of titled id)"
	expect_line 'what that is worth after a verdict' 'is inferred, the text does not name it: \+10$' "$folder/out"
	expect 'a threat quotes nobody' false "$(of note reports)"

	printf 'news\tpaste\t0\t5\tutf-8\tlookalike\tevening_wire\tPolice look into a note\n' >>"$posts/index"
	cat >"$posts/news.txt" <<-'END'
	Police said on Friday that they are looking into an anonymous note. “Thursday I am waiting there with a gun and I will shoot
	whoever comes out first, the guards of Example Pictures before anyone else,” it reads, according to a spokeswoman.
	The same page also showed a login of the company, which was changed at once: https://example.com/login anna@example.com:Row-9-Seat-41
	END
	round
	id=$(of news id)
	note=$(of note id)
	[ -n "$id" ] || fail 'the news is no finding'
	expect 'the mark of the news' true "$(of news reports)"
	[ "$(of news severity)" -lt "$(of note severity)" ] || fail 'the news is as severe as the threat'
	verb 0 list
	expect_line 'the list' '\(reports or quotes a threat\) ' "$folder/out"
	expect 'marks in the list' 1 "$(count 'reports or quotes' "$folder/out")"
	verb 0 show "$id"
	expect_line 'the mark' '^mark +reports or quotes a threat$' "$folder/out"
	expect_line 'what it quotes' "^  - quotes post .* of smallpaste \(hxxp://127\[\.\]0\[\.\]0\[\.\]1:[0-9]*/raw/note\), finding $note\$" "$folder/out"
	verb 0 show "$id" --json
	expect_line 'the mark in JSON' "\"reports\":true,\"quotes\":\"$note\"" "$folder/out"
	verb 0 report
	page=$folder/report/finding/$id.html
	expect_line 'the mark on its page' '>reports or quotes a threat<' "$page"
	expect_line 'the link on its page' "href=\"$note.html\"" "$page"
	expect_no_line 'the page' 'http://127' "$page"
	expect 'marks on the first page' 1 "$(count '>reports or quotes a threat<' "$folder/report/index.html")"
	"$WATCHDESK" mark "$note" false-positive --config "$config" >/dev/null || fail 'mark'
	verb 0 report
	expect_line 'what it quotes, still told' "finding $note" "$page"
	expect_no_line 'a finding without a page' "href=\"$note.html\"" "$page"
	verb 0 verify
}

judge
if [ -n "${POSTGRES:-}" ]; then
	question=${POSTGRES##*\?}
	name=quote_$$
	psql -q "$POSTGRES" -c "CREATE DATABASE $name" || fail 'createdb'
	place="postgresql://watchdesk@/$name?$question"
	judge
	psql -q "$POSTGRES" -c "DROP DATABASE $name" || fail 'a connection was left open'
fi

# What the classifier makes of a text.
"$WATCHDESK" rule explain "$posts/note.txt" --config "$config" >"$folder/out"
expect 'exit code of a threat' 1 $?
expect_line 'its score' '^  violence +[01]\.[0-9]{2}  decided' "$folder/out"
expect_line 'the gate' 'let the text pass the gate' "$folder/out"
expect_line 'a part with its span' '^ +[0-9]+-[0-9]+ +(weapon|time|place) ' "$folder/out"
expect 'lines wider than 80 columns' 0 "$(count '^.{81}' "$folder/out")"
"$WATCHDESK" rule explain tests/site/posts/news.txt --config "$config" >"$folder/out"
expect_line 'the mark of a report' '^  a report +[01]\.[0-9]{2}  reports or quotes a threat$' "$folder/out"
echo 'Add the butter and stir until the soup is hot.' | "$WATCHDESK" rule explain - --config "$config" >"$folder/out"
expect 'exit code of a recipe' 0 $?
"$WATCHDESK" rule explain "$posts/note.txt" --json --config "$config" >"$folder/out"
expect_line 'JSON' '"model":true,.*"gate":true,.*"words":"' "$folder/out"
expect_json 'rule explain' "$folder/out"
echo 'see eyJhbGciOiJIUzI1NiJ9 and anna@example.com:Row-9-Seat-41' | "$WATCHDESK" rule explain - --config "$config" >"$folder/out"
expect_no_line 'a secret' 'Row-9-Seat' "$folder/out"
"$WATCHDESK" rule explain "$folder/nowhere" --config "$config" >/dev/null 2>"$folder/err"
expect 'exit code of neither rule nor file' 2 $?
expect_line 'neither rule nor file' 'nowhere: there is no rule of that id .*, and no such file' "$folder/err"
echo ghp_x | "$WATCHDESK" rule explain github-token --config "$config" >"$folder/out"
expect 'exit code of a rule that does not hit' 0 $?
expect_line 'a rule alone' '^github-token  does not hit$' "$folder/out"
