#!/bin/sh
# The life of a takedown through the program's own commands: opened of a finding, a notice drafted, refused while an element is missing,
# stood for by two people, sent through the relay, bounced, written anew to another address, answered by a program and by a person, closed;
# kill -9 at any of it: nothing is lost, sent twice, or sent without approval.
. tests/e2e/lib.sh

mkdir -p "$folder/www" "$folder/cards" "$folder/box/new" "$folder/box/cur" "$folder/box/tmp"
printf 'dump of the Interlude team\nada.lovelace@example.com:Mezz4nine!x\ngrace@example.com:Other9word?\n' >"$folder/www/one.txt"
cp "$folder/www/one.txt" "$folder/www/again.txt"
start_pages
start_relay
configure <<END
  - name: pastes
    listing: @URL@/
    links: //a/@href
    raw: @URL@/{key}
    allow_private: true
    every: 1h
    pace: 0
END
cat >>"$config" <<END
alerts:
  smtp: smtp://127.0.0.1:$relay
  from: watchdesk@example.com
  tls: none
  pace: 0
  inbox: box
  heartbeat: {to: [heart@example.com], at: "07:00 Europe/Berlin"}
takedowns:
  claimant: {name: Example Pictures, address: "1 Example Street", mail: legal@example.com}
  signatory: {name: Counsel of Example Pictures, title: counsel}
  approvals: 2
  answers: legal-desk@example.com
  plus: true
  hosts: cards
END
cat >"$folder/cards/local.yaml" <<END
title: Local pastes
role: paste
domains: [127.0.0.1]
contact: abuse@paste.example.net
grounds: [credentials]
verified: false
END

# The notice of the last act, by --json.
noted() {
	sed -n 's/.*"notice":"\([0-9a-f]*\)".*/\1/p' "$folder/out"
}

# takedown ACT...: with the case's or the notice's whole id, as JSON
takedown() {
	verb 0 takedown "$@" --json
}

start_monitor() {
	"$WATCHDESK" run --verbose --config "$config" >>"$folder/run.out" 2>>"$folder/run.err" &
	monitor=$!
}

killed() {
	kill -9 $monitor
	wait $monitor 2>/dev/null
	monitor=''
}

said() {
	grep -c "$1" "$folder/run.err"
}

# As another system user, where this machine lets us be one: root of a namespace, or nobody.
other() {
	if [ "$(id -u)" = 0 ]; then
		chmod -R a+rwX "$folder"
		setpriv --reuid=65534 --clear-groups "$@"
	else
		unshare -r "$@"
	fi
}

arrives() {
	cat >"$folder/box/tmp/$1"
	mv "$folder/box/tmp/$1" "$folder/box/new/$1"
}

to_host() {
	cat "$folder"/mail/*.to 2>/dev/null | grep -c "^$1@"
}

told() {
	cat "$folder"/mail/*.eml | grep -c "^Subject: .*$1"
}

# The last mail to somebody, its lines unfolded.
last_to() {
	to=$(grep -l "^$1@" "$folder"/mail/*.to | sort -V | tail -1)
	tr -d '\r' <"${to%.to}.eml"
}

verb 0 crawl
verb 0 list --json
finding=$(sed -n '/one.txt/s/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/out")
verb 2 takedown open "$finding"
expect_line 'grounds are asked for' 'on which grounds' "$folder/err"
takedown open "$finding" --grounds credentials
case=$(query 'SELECT public_id FROM takedown')
verb 2 takedown open "$finding" --grounds credentials
expect_line 'a second case' 'has an open takedown on these grounds' "$folder/err"
takedown target "$case" "$url/mirror.txt"
verb 2 takedown target "$case" "http://x.example/a
Bcc: y@example.com"
expect_line 'an address with a header in it' 'a blank or a control character' "$folder/err"
verb 2 takedown set "$case" urls=http://x.example/
verb 2 takedown set "$case" nosuch=x
takedown set "$case" kinds='mail addresses and passwords'
takedown note "$case" 'asked legal'
for rows in list templates facts "facts $case" "show $case"; do
	takedown $rows
	expect_json "takedown $rows" "$folder/out"
done

# Drafts: not to two recipients, not with a header in one, not by a template that there is not.
for to in 'abuse@x.example, y@x.example' "abuse@x.example
Bcc: y@x.example" '<script>'; do
	verb 2 takedown draft "$case" --template host-terms --to "$to"
done
verb 2 takedown draft "$case" --template nosuch
expect 'nothing was drafted' 0 "$(query 'SELECT count(*) FROM notice')"
takedown draft "$case" "$url/one.txt" --template host-terms
notice=$(noted)
takedown show "$case"
expect_line 'its recipient is the card'"'"'s' '"recipient":"abuse@paste.example.net"' "$folder/out"
expect_line 'what it rests on' '"basis":"[{].*finding.*sealed_sha256' "$folder/out"
expect_no_line 'no secret of the leak is in it' 'Mezz4nine|Other9word' "$folder/out"

# Copyright's notice is not for credentials; what a breach worksheet wants to know is counted in the sealed text.
verb 2 takedown draft "$case" "$url/one.txt" --template dmca
expect_line 'why not' 'copyright' "$folder/err"
takedown count "$case"
expect_line 'people are counted' 'subjects = .*2' "$folder/out"
takedown draft "$case" "$url/one.txt" --template breach-worksheet --post --to 'The supervisory authority, 1 Example Street'
verb 1 takedown missing "$(noted)"
expect_line 'what people have to write' 'consequences' "$folder/out"
expect_no_line 'and what not' 'categories of the records' "$folder/out"

# With an element missing it cannot be approved, and says which; without approval it cannot be sent.
verb 0 takedown text "$notice"
sed "s|$url/one.txt||" "$folder/out" >"$folder/without"
cp "$folder/out" "$folder/whole"
takedown edit "$notice" --file "$folder/without"
verb 1 takedown missing "$notice"
expect_line 'which' '^place .*exact addresses' "$folder/out"
verb 2 takedown approve "$notice"
expect_line 'it is refused' 'lacks 1 element and cannot be approved' "$folder/err"
verb 2 takedown send "$notice"
expect_line 'it is not sent' 'is not approved: 0 of 2' "$folder/err"
EDITOR="cp $folder/whole" takedown edit "$notice"
verb 0 takedown missing "$notice"

# Two people, two keys: none of them twice.
openssl genpkey -algorithm ed25519 -out "$folder/one.pem" 2>/dev/null
openssl genpkey -algorithm ed25519 -out "$folder/two.pem" 2>/dev/null
takedown approve "$notice" --key "$folder/one.pem"
expect_line 'one is not enough' 'needs more people' "$folder/out"
verb 2 takedown approve "$notice" --key "$folder/two.pem"
expect_line 'the same user with another key' 'stands for notice .* already; another person' "$folder/err"
verb 2 takedown send "$notice"
if other true 2>/dev/null; then
	other "$WATCHDESK" takedown approve "$notice" --key "$folder/one.pem" --config "$config" >"$folder/out" 2>"$folder/err" && fail 'one key for two people'
	expect_line 'the same key' 'the key is .*, who has to approve' "$folder/err"
	other "$WATCHDESK" takedown approve "$notice" --key "$folder/two.pem" --config "$config" >"$folder/out" 2>"$folder/err" || fail "another person: $(cat "$folder/err")"
else # nobody else can be had here: the rule is asked for anew
	sed 's/^  approvals: 2/  approvals: 1/' "$config" >"$folder/new" && mv "$folder/new" "$config"
	takedown edit "$notice" --subject 'Please remove it'
	takedown approve "$notice" --key "$folder/one.pem"
fi
expect_line 'it is approved' 'is approved' "$folder/out"

# Sent: the monitor is killed while the relay takes it, and it goes once.
echo 'data sleep 30' >"$folder/mail/fault"
takedown send "$notice"
verb 2 takedown send "$notice"
expect_line 'not twice' 'waits for the relay already' "$folder/err"
verb 2 takedown edit "$notice" --subject other
start_monitor
wait_for 'that the relay has it in hand' grep -q 'RCPT TO:<abuse@paste' "$folder/mail/log"
killed
rm "$folder/mail/fault"
query "UPDATE outbox SET due_at = 0"
start_monitor
wait_for 'the notice' at_least 1 to_host abuse
wait_for 'that it is known' at_least 1 said "notice-sent notice=${notice%????????????????????????}"
expect 'it went once' 1 "$(to_host abuse)"
takedown show "$case"
expect_line 'its address is sent, and looked at again' '"state":"sent".*"recheck_at":"2' "$folder/out"
last_to abuse >"$folder/letter"
expect_line 'who writes' '^From: Example Pictures <watchdesk@example.com>' "$folder/letter"
expect_line 'where the host answers to' "^Reply-To: .*legal-desk\+$notice@example.com" "$folder/letter"
expect_no_line 'a person wrote it' '^Auto-Submitted' "$folder/letter"
expect_line 'the summary of the evidence' 'filename="?evidence.txt' "$folder/letter"
expect_line 'XARF' 'filename="?xarf.json' "$folder/letter"
verb 2 alert resend "$(query "SELECT public_id FROM outbox WHERE kind = 'notice'")"
expect_line 'not sent again by hand' 'a notice goes once' "$folder/err"

# It bounces: the notice is dead, people hear of it; to another address it has to be approved anew.
message=$(sed -n 's/^Message-ID: *<\([0-9a-f]*\)@.*/\1/Ip' "$folder/letter")
cat <<END | arrives 1
From: MAILER-DAEMON@mx.example.net
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; abuse@paste.example.net
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <$message@example.com>

--b--
END
wait_for 'that it is dead' at_least 1 said 'notice-dead'
takedown show "$case"
expect_line 'it says so' '"state":"dead".*"kind":"failed"' "$folder/out"
takedown edit "$notice" --to trust@paste.example.net
verb 2 takedown send "$notice"
expect_line 'an edit voids approvals' 'is not approved: 0 of' "$folder/err"
sed 's/^  approvals: 2/  approvals: 1/' "$config" >"$folder/new" && mv "$folder/new" "$config"
takedown approve "$notice"
takedown send "$notice"
wait_for 'the second letter' at_least 1 to_host trust
wait_for 'that it is known' at_least 2 said notice-sent

# Answers: a program's is a receipt; a person's, by the address alone, once, and masked; one about nothing of ours does nothing.
message=$(last_to trust | sed -n 's/^Message-ID: *<\([0-9a-f]*\)@.*/\1/Ip')
answer() {
	printf 'From: Trust <trust@paste.example.net>\nMessage-ID: <%s@paste.example.net>\n%s\n\n%s\n' "$1" "$2" "$3"
}
answer a1 "Auto-Submitted: auto-replied
In-Reply-To: <$message@example.com>" 'We have your request, ticket 7.' | arrives 2
wait_for 'the receipt' at_least 1 said 'notice-answered .*kind=receipt.*new=1'
takedown show "$case"
expect_line 'its address has a receipt' '"state":"receipt"' "$folder/out"
answer a2 "To: legal-desk+$notice@example.com" 'Is it this line? ada.lovelace@example.com:Mezz4nine!x It is removed.' | arrives 3
wait_for 'the answer' at_least 1 said 'notice-answered .*kind=answer.*new=1'
answer a2 "To: legal-desk+$notice@example.com" 'Is it this line? ada.lovelace@example.com:Mezz4nine!x It is removed.' | arrives 4
wait_for 'the same again' at_least 1 said 'notice-answered .*kind=answer.*new=0'
answer a3 "In-Reply-To: <0123456789abcdef0123456789abcdef@example.com>" 'x' | arrives 5
wait_for 'one about nothing of ours' at_least 1 said 'answer-ignored.*without'
takedown show "$case"
expect_line 'it is attached' '"kind":"answer","sender":"trust@paste.example.net".*It is removed' "$folder/out"
expect_no_line 'and masked' 'Mezz4nine' "$folder/out"
wait_for 'words about it' at_least 1 told 'a host has answered'
expect 'words about the bounce' 1 "$(told 'a notice did not arrive')"
kill $monitor
wait $monitor
monitor=''

# A form: a person sends it, and says so.
takedown draft "$case" "$url/mirror.txt" --template host-terms --form --to https://paste.example.net/abuse
form=$(noted)
verb 2 takedown sent "$form"
takedown approve "$form"
verb 0 takedown send "$form"
expect_line 'what to fill in where' 'A person fills in https://paste.example.net/abuse' "$folder/out"
takedown sent "$form" --receipt 'number 12'
verb 2 takedown sent "$form"
takedown answer "$form" --kind refused --file "$folder/without"
verb 0 takedown list --overdue
expect_line 'it waits for somebody' "^${case%????????????????????????} .*1 receipt *1 refused.*overdue: the host has refused" "$folder/out"
takedown state "$case" "$url/mirror.txt" gone --note 'seen by hand'
verb 2 takedown state "$case" "$url/mirror.txt" sent

# Killed at any time: what was drafted is there whole, with its entry in custody, or not at all.
for ms in 04 08 12 16 20 25 30 40 60 90; do
	"$WATCHDESK" takedown draft "$case" "$url/one.txt" --template host-terms --config "$config" >"$folder/out" 2>&1 &
	sleep "0.0$ms"
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
done
expect 'drafts and their entries in custody' "$(query 'SELECT count(*) FROM notice')" "$(query "SELECT count(*) FROM custody WHERE detail LIKE '%\"did\":\"draft\"%'")"
expect 'drafts and their addresses' "$(query 'SELECT count(*) FROM notice')" "$(query 'SELECT count(DISTINCT notice_id) FROM notice_target')"

# Of a campaign: each place where its findings stand.
takedown open "$(query 'SELECT public_id FROM campaign LIMIT 1')" --grounds personal-data
takedown draft "$(sed -n 's/.*"takedown":"\([0-9a-f]*\)".*/\1/p' "$folder/out")" --template gdpr17
verb 0 takedown text "$(noted)"
expect 'both addresses are in it' 2 "$(grep -cE '^ *http://.*/(one|again).txt$' "$folder/out")"
expect 'the other finding is known to stand there' 1 "$(query 'SELECT count(*) FROM takedown_target WHERE finding_id IS NOT NULL')"

verb 2 takedown close "$case"
takedown close "$case" --note 'it is removed'
verb 2 takedown draft "$case" --template host-terms
verb 2 takedown approve "$(query "SELECT public_id FROM notice WHERE state = 'draft' UNION SELECT '$notice' LIMIT 1")"
verb 0 verify
expect_no_line 'the log' 'Mezz4nine|Other9word' "$folder/run.err"

# The report has a page for each case, which the list of them leads to, and no page says a secret.
verb 0 report
expect 'a page for each case' "$(query 'SELECT count(*) FROM takedown')" "$(ls "$folder/report/takedown" | wc -l)"
expect_line 'the list leads to it' "href=\"takedown/$(query "SELECT public_id FROM takedown WHERE public_id LIKE '${case%????????????????????????}%'").html\"" "$folder/report/takedowns.html"
expect_no_line 'no page says a secret' 'Mezz4nine|Other9word' "$folder/report/takedowns.html"
