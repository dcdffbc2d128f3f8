#!/bin/sh
# What comes back by mail: an answer that holds the token ends the asking; one that was altered, repeated, or written by a program
# does nothing and is counted; a report that an address does not exist suspends it, and the next is asked at once. Subscriptions are
# confirmed and left by mail; mails as large, as deep and as many as somebody likes keep nobody from being heard. The same out of a mailbox.
. tests/e2e/lib.sh

url='' port=''

mkdir -p "$folder/in" "$folder/box/new" "$folder/box/cur" "$folder/box/tmp"
start_relay

configure <<END
  - name: inbox
    folder: $folder/in
    every: 1s
END
cat >>"$config" <<END
alerts:
  smtp: smtp://127.0.0.1:$relay
  from: watchdesk@example.com
  tls: none
  pace: 0
  inbox: box
  heartbeat: {to: [heart@example.com], at: "07:00 Europe/Berlin"}
duty:
  severity: 40
  after: 1h
  roster:
    - {name: gone, to: gone@example.com}
    - {name: day desk, to: desk@example.com}
subscriptions:
  - {to: stays@example.com}
END

mails_to() {
	cat "$folder"/mail/*.to 2>/dev/null | grep -c "^$1@"
}

# The last mail to somebody, its lines unfolded.
last_to() {
	to=$(grep -l "^$1@" "$folder"/mail/*.to | sort -V | tail -1)
	tr -d '\r' <"${to%.to}.eml"
}

# arrives NAME: standard input is delivered into the Maildir
arrives() {
	cat >"$folder/box/tmp/$1"
	mv "$folder/box/tmp/$1" "$folder/box/new/$1"
}

said() {
	grep -c "$1" "$folder/run.err"
}

"$WATCHDESK" run --verbose --config "$config" >>"$folder/run.out" 2>>"$folder/run.err" &
monitor=$!
printf 'We know the cinema. Everyone who goes to the premiere of The Interlude will be killed. We will bomb it on Friday.\n' \
	>"$folder/threat.txt"
mv "$folder/threat.txt" "$folder/in/"
wait_for 'the first who is asked' at_least 1 mails_to gone
message=$(last_to gone | sed -n 's/^Message-ID: *<\([0-9a-f]*\)@.*/\1/Ip' | head -1)

report() {
	cat <<END
From: MAILER-DAEMON@mx.example.net
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; $1
Action: $2
Status: $3

--b
Content-Type: text/rfc822-headers

Message-ID: <$4@example.com>

--b--
END
}

# Reports that say nothing of our mail: somebody else's address, somebody else's mail, one that only takes long.
report desk@example.com failed 5.1.1 "$message" | arrives 1
report gone@example.com failed 5.1.1 0123456789abcdef0123456789abcdef | arrives 2
wait_for 'reports that are not believed' at_least 2 said 'answer-ignored.*no mail of ours'
report gone@example.com delayed 4.4.1 "$message" | arrives 3
wait_for 'the one that takes long' at_least 1 said mail-delayed
expect 'nobody else was asked' 0 "$(mails_to desk)"
report gone@example.com failed 5.1.1 "$message" | arrives 4
wait_for 'the next is asked at once' at_least 1 mails_to desk
wait_for 'the desk hears of the address' at_least 1 said mail-bounced

token=$(last_to desk | grep -oE 'wd-[a-z2-7]{56}' | head -1)
[ -n "$token" ] || fail "no token: $(last_to desk)"
case $token in *a) altered=${token%a}b ;; *) altered=${token%?}a ;; esac
id=$(last_to desk | sed -n 's/.*watchdesk alert ack \([0-9a-f]*\).*/\1/p' | head -1)
answer() {
	printf 'From: The Desk <desk@example.com>\nSubject: %s\n%s\n%s\n' "$1" "$2" 'I have it'
}
answer "Re: x $altered" '' | arrives 5
wait_for 'an altered token' at_least 1 said 'answer-ignored.*forged'
answer "Re: x $token" 'Auto-Submitted: auto-replied
' | arrives 6
wait_for 'an automatic answer' at_least 1 said 'answer-ignored.*automatic'
answer 'Re: x' '' | arrives 7
wait_for 'no token' at_least 1 said 'answer-ignored.*without'
verb 0 show "$id" --json
expect_line 'nobody has it yet' '"duty":"nobody has it' "$folder/out"
answer 'Re: your mail' "
> Subject: x
> $token" | arrives 8
wait_for 'the answer' at_least 1 said duty-acknowledged
verb 0 show "$id" --json
expect_line 'who has it' '"duty":"day desk has it since .*by mail' "$folder/out"
answer "Re: x $token" '' | arrives 9
wait_for 'the same again' at_least 1 said 'answer-ignored.*used'
verb 0 list --json --all
expect 'answers are no posts' 1 "$(wc -l <"$folder/out")"

# One that was ours, and is too old.
expired() { # ID
	python3 - "$1" "$folder/store/digest.key" <<'END'
import base64, hashlib, sys


def keyed(data, key):
    return hashlib.blake2b(data, key=key, digest_size=32).digest()

key = keyed(b"watchdesk: the key of tokens", open(sys.argv[2], "rb").read())
payload = b"a" + bytes.fromhex(sys.argv[1]) + (400000).to_bytes(3, "big")
print("wd-" + base64.b32encode(payload + keyed(payload, key)[:15]).decode().lower())
END
}
answer "Re: x $(expired "$(query 'SELECT public_id FROM finding')")" '' | arrives 10
wait_for 'an expired token' at_least 1 said 'answer-ignored.*expired'

# Who subscribes confirms by an answer, and leaves by one.
verb 0 subscribe new@example.com --severity 40
wait_for 'the question' at_least 1 mails_to new
token=$(last_to new | tr -d '\n' | sed 's/=//g' | grep -oE 'wd-[a-z2-7]{56}' | head -1)
answer "Re: x $token" '' | arrives 11
active() {
	"$WATCHDESK" subscribe list --config "$config" 2>&1 | grep -c 'active *new@'
}
is_gone() {
	[ "$(active)" = 1 ] && echo 0 || echo 1
}
wait_for 'the confirmation' at_least 1 active
answer "Re: x $token" '' | arrives 12
wait_for 'the same confirmation' at_least 2 said 'answer-ignored.*used'
printf 'Whoever shows The Interlude by Example Pictures will be killed. We will burn down your house tonight.\n' >"$folder/threat.txt"
mv "$folder/threat.txt" "$folder/in/second.txt"
wait_for 'an alert' at_least 2 mails_to new
leave=$(last_to new | sed -n '/^List-Unsubscribe:/,/^[^ \t]/p' | tr -d '\n ' | grep -oE 'wd-[a-z2-7]{56}' | head -1)
[ -n "$leave" ] || fail "no way to leave: $(last_to new)"
answer "$leave" '' | arrives 13
wait_for 'that it has left' at_least 1 is_gone

# What nobody writes: all of it is passed over within its limits, and the next answer is heard.
printf 'Subject: huge\n\n' >"$folder/box/tmp/huge"
truncate -s 1G "$folder/box/tmp/huge"
mv "$folder/box/tmp/huge" "$folder/box/new/20"
python3 - "$folder/box/new" <<'END'
import sys


def put(name, text):
    with open(sys.argv[1] + "/" + name, "w") as out:
        out.write(text)

put("21", "Subject: parts\nContent-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 10000 + "--b--\n")
put("22", "Subject: header\nX-Long: " + "y" * 1000000 + "\nX-Many: z\n" + "X: y\n" * 100000 + "\ntext\n")
put("23", "".join("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(100)) + "\ntext\n")
put("24", "Subject: =?utf-8?q?" + "=41" * 100000 + "?=\n\n" + "> " * 500000)
put("25", "Subject: no end\nContent-Type: multipart/report; boundary=\"" + "b" * 100000)
END
answer 'Re: after it' '' | arrives 30
wait_for 'all of them' at_least 8 said 'answer-ignored.*without'
expect 'what was passed over is named' 1 "$(query "SELECT count(*) FROM trouble WHERE class = 'content'")"
"$WATCHDESK" doctor --config "$config" >"$folder/out" 2>&1
expect_line 'what did nothing' 'answers that did nothing .*1 automatic.*1 expired.*1 forged.*2 used' "$folder/out"
kill $monitor
wait $monitor
monitor=''
expect 'words about the address' 1 "$(cat "$folder"/mail/*.eml | grep -c '^Subject: .*address does not work')"
verb 0 subscribe resume gone@example.com
expect_line 'the address is let again' '^gone@example.com gets mail again$' "$folder/out"
verb 2 subscribe resume gone@example.com
verb 0 verify

# The same by IMAP: what was read is marked once it is kept, and a monitor that is killed in between marks it when it is back.
mkdir "$folder/imap"
tests/certificates "$folder"
tests/mailbox "$folder/imap" --certificate "$folder/good.pem" --key "$folder/good.key" --auth 'desk:Mezzanine 0002' >"$folder/imap.port" \
	2>"$folder/imap.err" &
servers="$servers $!"
until [ -s "$folder/imap.port" ]; do kill -0 $! || fail "the mailbox: $(cat "$folder/imap.err")"; sleep 0.02; done
sed "s|^  inbox: box|  inbox: imaps://127.0.0.1:$(cat "$folder/imap.port")/INBOX\n  inbox_user: desk\n  inbox_password: file:word\n  inbox_ca: ca.pem\n  inbox_every: 1s|" \
	"$config" >"$folder/new.yaml" && mv "$folder/new.yaml" "$config"
(umask 077 && echo 'Mezzanine 0002' >"$folder/word")
verb 0 check
start_monitor() {
	"$WATCHDESK" run --verbose --config "$config" >>"$folder/run.out" 2>>"$folder/run.err" &
	monitor=$!
}
is_there() {
	find "$folder/imap" -name "$1" | wc -l
}
: >"$folder/run.err"
token=$(last_to desk | grep -oE 'wd-[a-z2-7]{56}' | head -1)
printf 'Subject: huge\r\n\r\n' >"$folder/imap/3.mail"
truncate -s 100M "$folder/imap/3.mail"
answer 'Re: nothing' '' >"$folder/imap/4.mail"
echo 'store hang' >"$folder/imap/fault"
start_monitor
wait_for 'the first' at_least 1 said 'answer-ignored.*without'
expect_line 'of the huge one' 'mail-cut of="bytes 0-1048575/104857600"' "$folder/run.err"
kill -9 $monitor && wait $monitor 2>/dev/null
expect 'nothing is marked yet' 0 "$(is_there '*.seen')"
rm "$folder/imap/fault"
answer "Re: x $token" '' >"$folder/imap/new" && mv "$folder/imap/new" "$folder/imap/5.mail"
start_monitor
wait_for 'all are marked' at_least 3 is_there '*.seen'
expect 'the answer' 1 "$(said duty-acknowledged)"
expect 'each was read once' 2 "$(said 'answer-ignored.*without')"
"$WATCHDESK" doctor --config "$config" >"$folder/out" 2>&1
expect_line 'doctor' 'ok .*the mailbox lets us in' "$folder/out"
echo 'wrong' >"$folder/word"
"$WATCHDESK" doctor --config "$config" >"$folder/out" 2>&1 && fail 'doctor takes a wrong password'
expect_line 'doctor' 'NO .*the mailbox lets us in .*does not let us in with this name and password' "$folder/out"
printf '%s\n' 'select say {tag} NO gone\r\n' >"$folder/imap/fault"
wait_for 'that it cannot be read' at_least 1 said 'mailbox why="the mailbox answers to the wish to open the folder: NO gone"'
kill $monitor
wait $monitor
monitor=''
expect 'its health' mail "$(health_of alerts-inbox)"
query "UPDATE health SET failing_since = failing_since - 3600000000 WHERE failure = 'mail'"
start_monitor
wait_for 'a word about it' at_least 1 said 'watch what="source alerts-inbox" words="Answers to our mail cannot be read since .*NO gone'
kill $monitor
wait $monitor
monitor=''
expect_no_line 'the log' 'Mezzanine' "$folder/run.err"
verb 0 verify
