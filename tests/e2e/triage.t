#!/bin/sh
# The screen of a shift, driven by keys in a terminal of its own: each act is in the store at once and can be taken back; two
# operators at one finding, a terminal that is killed, of any size, and posts that would command one.
command -v tmux >/dev/null || { echo 'triage.t: skipped, there is no tmux'; exit 0; }
. tests/e2e/lib.sh

screens=$folder/tmux
export TERM=screen LC_ALL=C.UTF-8

# screen NAME ...: tmux with a server of our own
screen() {
	tmux -S "$screens" -f /dev/null "$@"
}
trap 'screen kill-server 2>/dev/null; finish' EXIT

# begin NAME COLUMNS LINES: a shift in a terminal of that name
begin() {
	screen new-session -d -s "$1" -x "$2" -y "$3" "exec '$WATCHDESK' triage --config '$config' 2>'$folder/$1.err'"
}

shown() {
	screen capture-pane -p -t "$1" >"$folder/screen"
}

# sees NAME PATTERN: until the terminal shows it, for ten seconds
sees() {
	for _ in $(seq 200); do
		shown "$1"
		! grep -qE -e "$2" "$folder/screen" || return 0
		sleep 0.05
	done
	cat "$folder/screen" "$folder/$1.err" >&2
	fail "$1 does not show: $2"
}

press() {
	name=$1
	shift
	screen send-keys -t "$name" "$@"
}

# is WHAT WANTED QUERY
is() {
	expect "$1" "$2" "$(query "$3")"
}

url='' port=''
mkdir -p "$folder/in"
configure <<-END
  - {name: spool, folder: $folder/in, every: 1h}
END
echo 'We will bomb the premiere of The Interlude on Friday. Everyone who goes there will be killed, we know the cinema.' >"$folder/in/a.txt"
echo 'Example Pictures: pay 10 bitcoin until Monday or we publish all mails and passwords: admin@example.com:hunter2secret' >"$folder/in/b.txt"
printf 'We will kill the director of Example Pictures on Monday \033]0;owned\007\033[2J\033[31m red \342\200\256 turned \302\233 and all who are with him will be shot.\n' >"$folder/in/c.txt"
printf 'Example Pictures dump: ceo@example.com:correcthorse9\ncfo@example.com:batterystaple7\n' >"$folder/in/d.txt"
verb 0 crawl
n=$(query "SELECT count(*) FROM finding WHERE verdict = 'none'")
[ "$n" -ge 4 ] || fail "findings: $n"

# What needs a terminal says so without one.
"$WATCHDESK" triage --config "$config" </dev/null >"$folder/out" 2>"$folder/err" && fail 'triage without a terminal'
expect_line 'no terminal' 'needs a terminal' "$folder/err"

begin one 80 24
sees one "$n findings?: not judged"
expect 'columns' 0 "$(awk '{ if (length > 80) n++ } END { print n + 0 }' "$folder/screen")"

# The queue is the store's: most severe first.
first=$(query "SELECT public_id FROM finding WHERE verdict = 'none' ORDER BY severity DESC, id LIMIT 1")
short=$(printf %.8s "$first")
press one Enter
sees one "^id +$first"
press one q
sees one "$n findings?: not judged"

# Each key is an act in the store, and u takes it back by another.
press one c
sees one "$short is marked confirmed"
is 'the verdict' confirmed "SELECT verdict FROM finding WHERE public_id = '$first'"
sees one "$((n - 1)) findings?"
press one u
sees one "$short is marked none again"
is 'taken back' none "SELECT verdict FROM finding WHERE public_id = '$first'"
is 'both are kept' 2 "SELECT count(*) FROM verdict WHERE finding_id = (SELECT id FROM finding WHERE public_id = '$first')"
is 'both are in custody' 2 "SELECT count(*) FROM custody WHERE act = 'verdict'"
press one Home
for row in 'f false-positive' 'k known' 'd duplicate'; do
	press one Home Enter
	sees one "^id +$first"
	press one "${row% *}"
	sees one "is marked ${row#* }"
	is "$row" "${row#* }" "SELECT verdict FROM finding WHERE public_id = '$first'"
	press one u
	sees one 'is marked none again'
	press one q
	sees one "$n findings?"
done

# Who has it; somebody else; nobody.
press one Home a
sees one "you have $short"
is 'who has it' "$(id -un)" "SELECT holder FROM duty"
press one g
sees one 'who has it now'
press one -l 'night desk'
press one Enter
sees one "night desk has $short"
is 'who has it now' 'night desk' "SELECT holder FROM duty"
press one u
sees one 'again'
is 'who had it before' "$(id -un)" "SELECT holder FROM duty"
press one u
sees one "nobody has $short again"
is 'nobody' 0 "SELECT count(*) FROM duty WHERE holder <> ''"

# A takedown is opened, and closed by undo.
press one t
sees one 'on which grounds'
press one k
sees one 'is open \(copyright\)'
is 'the takedown' 'copyright open' "SELECT grounds || ' ' || state FROM takedown"
press one u
sees one 'is closed'
is 'the takedown is closed' closed "SELECT state FROM takedown"

# A rule is muted for this source.
press one /
sees one 'filter:'
press one c c c
sees one 'not judged, leak'
press one Escape
press one Home Enter
sees one '^id +'
rule=$(query "SELECT rule FROM hit JOIN finding ON finding.assessment_id = hit.assessment_id WHERE category = 'leak' AND verdict = 'none' ORDER BY severity DESC, finding.id, hit.id LIMIT 1")
press one m
sees one 'mute here which rule'
press one 1
sees one 'does not count any more for spool'
is 'the muted rule' "$rule spool" "SELECT rule || ' ' || source.name FROM mute JOIN source ON source.id = source_id"
verb 0 rule muted --json
expect_json 'rule muted' "$folder/out"
expect_line 'who muted it' "\"rule\":\"$rule\",\"source\":\"spool\",\"operator\":\"$(id -un)\"" "$folder/out"
press one u
sees one 'counts again'
is 'no rule is muted' 0 "SELECT count(*) FROM mute"
press one q
press one / x Escape
sees one "findings?: not judged *\$"

# Two operators at one finding: the second is told, and nothing is overwritten.
begin two 80 24
sees two "$n findings?"
press two Home
press one Home
# the first looks no more until a key is pressed: an open question holds it
press one t
sees one 'on which grounds'
press two k
sees two "$short is marked known"
press one x
sees one 'no takedown'
press one f
sees one "left the queue|changed since you looked"
is 'what the second said stays' known "SELECT verdict FROM finding WHERE public_id = '$first'"
is 'nothing else was written' known "SELECT verdict FROM verdict WHERE finding_id = (SELECT id FROM finding WHERE public_id = '$first') ORDER BY id DESC LIMIT 1"
press two u
sees two 'none again'
screen kill-session -t two

# Sizes down to 20x5, below which it says so, and back.
for size in '20 5' '19 5' '20 4' '10 2' '132 50' '80 24'; do
	screen resize-window -t one -x "${size% *}" -y "${size#* }"
	case $size in
	'20 5' | '132 50' | '80 24') sees one 'watchdesk' ;;
	'10 2') sees one 'needs 20x5' ;;
	*) sees one 'needs 20x5' ;;
	esac
done

# Hostile text is seen and does nothing.
c=$(query "SELECT finding.public_id FROM finding JOIN post ON post.id = post_id WHERE url LIKE '%c.txt%'")
press one r Home
for _ in $(seq 10); do
	press one Enter
	sees one '^id +'
	! grep -q "$c" "$folder/screen" || break
	press one n
done
press one End
sees one '<U\+202E>'
expect_line 'an escape is seen' '\^\[\[2J' "$folder/screen"
expect 'the title of the terminal' 0 "$(screen display-message -p -t one '#{pane_title}' | grep -c owned)"
press one q

# The terminal is killed in the middle: nothing is half done.
press one Home c
sees one 'is marked confirmed'
before=$(query "SELECT count(*) FROM verdict")
press one Home g
sees one 'who has it now'
press one -l 'half a na'
sees one 'half a na'
pid=$(screen display-message -p -t one '#{pane_pid}')
screen kill-session -t one
for _ in $(seq 200); do
	kill -0 "$pid" 2>/dev/null || break
	sleep 0.05
done
! kill -0 "$pid" 2>/dev/null || fail 'triage outlives its terminal'
is 'verdicts' "$before" "SELECT count(*) FROM verdict"
is 'nobody was given it' 0 "SELECT count(*) FROM duty WHERE holder LIKE 'half%'"
verb 0 verify

# A signal gives the terminal back as it was.
screen new-session -d -s three -x 80 -y 24 sh
press three -l "'$WATCHDESK' triage --config '$config'; stty -a | tr ';' '\\n' | grep -cE '(^| )(icanon|echo)( |\$)'; echo ended"
press three Enter
sees three 'findings?: not judged'
shell=$(screen display-message -p -t three '#{pane_pid}')
for pid in $(cat "/proc/$shell/task/$shell/children"); do kill -TERM "$pid"; done
sees three '^ended'

# The plain verbs: many at once, all or none.
ids=$(query "SELECT public_id FROM finding WHERE verdict = 'none'" | tr '\n' ' ')
verb 2 mark $ids 00000000 known
is 'none of them' "$(echo $ids | wc -w)" "SELECT count(*) FROM finding WHERE verdict = 'none'"
verb 0 mark $ids known --json
expect_json 'mark' "$folder/out"
expect 'lines of mark' "$(echo $ids | wc -w)" "$(wc -l <"$folder/out")"
is 'all of them' 0 "SELECT count(*) FROM finding WHERE verdict = 'none'"
verb 2 assign $ids 00000000 'night desk'
is 'given to nobody' 0 "SELECT count(*) FROM duty WHERE holder = 'night desk'"
verb 0 assign $ids 'night desk'
is 'given to somebody' "$(echo $ids | wc -w)" "SELECT count(*) FROM duty WHERE holder = 'night desk'"
verb 0 show $ids --json
expect 'lines of show' "$(echo $ids | wc -w)" "$(wc -l <"$folder/out")"
verb 0 list $ids --json
expect 'lines of list' "$(echo $ids | wc -w)" "$(wc -l <"$folder/out")"

# A rule that does not count, from the next post on, which says so; its hit stays.
verb 0 rule mute "$rule" --source spool
printf 'Leak:\ncto@example.com:correcthorse10\ncio@example.com:staplebattery3\n' >"$folder/in/e.txt"
printf 'To everybody: we will bomb the premiere of Example Pictures on Friday. Everyone who goes there will be killed, we know the cinema.\n\ncto@example.com:correcthorse10\ncio@example.com:staplebattery3\n' >"$folder/in/f.txt"
verb 0 crawl
e=$(query "SELECT finding.public_id FROM finding JOIN post ON post.id = post_id WHERE url LIKE '%f.txt%'")
verb 0 show "$e" --json
expect_line 'why it does not count' "\"terms\":\[\"rule $rule is muted for source spool by $(id -un): does not count\"" "$folder/out"
expect_line 'the hit stays' "\"hits\":\[\{\"rule\":\"$rule\"" "$folder/out"
verb 2 rule mute "$rule" --source elsewhere
is 'what had nothing else is no finding' 0 "SELECT count(*) FROM finding JOIN post ON post.id = post_id WHERE url LIKE '%e.txt%'"
is 'and its hits are kept' 2 "SELECT count(*) FROM hit JOIN assessment ON assessment.id = assessment_id JOIN revision ON revision.id = revision_id JOIN post ON post.id = post_id WHERE url LIKE '%e.txt%'"
verb 0 rule list
expect_line 'rule list' "^$rule .*\\[muted for spool by " "$folder/out"
verb 0 rule unmute "$rule" --source spool
verb 0 rule muted
expect_line 'no rule is muted' '^no rule is muted$' "$folder/out"
verb 0 verify
