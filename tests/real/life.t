#!/bin/sh
# The whole life of an alert, and of a takedown, among real software: Postfix takes our letters by STARTTLS with a name and a password that Dovecot knows, and has
# Dovecot deliver them; people answer by mail; what they say is read out of a mailbox of Dovecot's by IMAP. Who does not exist bounces.
# usage: WATCHDESK=PROGRAM sh tests/real/life.t     (as root; needs Debian's postfix, dovecot-imapd, dovecot-lmtpd, openssl, python3)
. tests/real/lib.sh
PATH=$PATH:/usr/sbin
needs openssl python3 postfix dovecot
[ -x /usr/lib/dovecot/lmtp ] && [ -x /usr/lib/dovecot/imap ] || { echo 'skipped: no dovecot-imapd or dovecot-lmtpd'; exit 0; }
[ "$(id -u)" = 0 ] || { echo 'skipped: Postfix wants to be started by root'; exit 0; }
config=$folder/watchdesk.yaml
tests/certificates "$folder"
chmod 755 "$folder"
mkdir -p "$folder/postfix" "$folder/queue/private" "$folder/data" "$folder/mail" "$folder/spool" "$folder/dovecot"
chown postfix "$folder/data" "$folder/queue/private"
chown nobody "$folder/mail"

set -- $(python3 -c 'import socket
all = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
print(*[s.getsockname()[1] for s in all])')
smtp=$1 imap=$2 lmtp=$3 web=$4

for who in watchdesk desk new abuse; do
	echo "$who@example.com:{PLAIN}Mezzanine 0003:65534:65534::$folder/mail/$who::" >>"$folder/people"
done
chmod 644 "$folder/people"
cat >"$folder/dovecot.conf" <<-END
base_dir = $folder/dovecot
log_path = $folder/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <$folder/good.pem
ssl_key = <$folder/good.key
mail_location = maildir:~/Maildir
first_valid_uid = 1
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = $folder/people
}
userdb {
  driver = passwd-file
  args = $folder/people
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = $imap
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp
  }
}
service auth {
  unix_listener $folder/queue/private/auth {
    mode = 0660
    user = postfix
  }
}
END
cat >"$folder/postfix/main.cf" <<-END
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
maillog_file = $folder/postfix.log
maillog_file_prefixes = $folder
myhostname = relay.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
virtual_mailbox_domains = example.com
virtual_transport = lmtp:inet:127.0.0.1:$lmtp
smtpd_reject_unlisted_recipient = no
smtpd_tls_cert_file = $folder/good.pem
smtpd_tls_key_file = $folder/good.key
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
END
cat >"$folder/postfix/master.cf" <<-END
127.0.0.1:$smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
END
touch "$folder/postfix.log"
postfix -c "$folder/postfix" start-fg >"$folder/postfix.out" 2>&1 &
server=$!
dovecot -F -c "$folder/dovecot.conf" >"$folder/dovecot.out" 2>&1 &
server="$server $!"

mkdir "$folder/www"
echo "A recipe for bread." >"$folder/www/bread.txt" # a list without a paste is a source that is not well
python3 -m http.server -b 127.0.0.1 -d "$folder/www" "$web" >"$folder/web.log" 2>&1 &
server="$server $!"

show() {
	cat "$folder/log" "$folder"/postfix.* "$folder"/dovecot.* >&2
	fail "$*"
}

# wait_for WHAT COMMAND...: until it succeeds
wait_for() {
	what=$1 tries=0
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || show "$what"
		sleep 0.1
	done
}

: >"$folder/log"
for at in $smtp $imap $lmtp $web; do wait_for "port $at" python3 -c "import socket; socket.create_connection(('127.0.0.1', $at))"; done
server="$(cat "$folder/queue/pid/master.pid") $server" # what the script above has started
cat >"$config" <<-END
organisation: Example Pictures
contact: watchdesk@example.com
assets:
  - {name: The Interlude, terms: [The Interlude]}
sources:
  - {name: spool, folder: $folder/spool, every: 1s}
  - {name: pastes, listing: "http://127.0.0.1:$web/", links: "//a/@href", raw: "http://127.0.0.1:$web/{key}", allow_private: true, every: 1s, pace: 0}
takedowns:
  claimant: {name: Example Pictures, address: "1 Example Street", mail: watchdesk@example.com, phone: "+1-555-0100"}
  signatory: {name: Counsel of Example Pictures, title: counsel, mail: watchdesk@example.com}
alerts:
  smtp: smtp://127.0.0.1:$smtp
  from: watchdesk@example.com
  user: watchdesk@example.com
  password: env:MAIL_PASSWORD
  ca: ca.pem
  pace: 0
  inbox: imaps://127.0.0.1:$imap/INBOX
  inbox_user: watchdesk@example.com
  inbox_password: env:MAIL_PASSWORD
  inbox_ca: ca.pem
  inbox_every: 1s
  heartbeat: {to: [desk@example.com], at: "07:00 Europe/Berlin"}
subscriptions:
  - {to: stays@example.org, severity: 100}
  - {to: nobody@example.com, severity: 40}
duty:
  severity: 40
  after: 1h
  roster:
    - {name: day desk, to: desk@example.com}
END
export MAIL_PASSWORD='Mezzanine 0003'

# mails WHO PATTERN: what of theirs has a line like this
mails() {
	grep -rlE -e "$2" "$folder/mail/$1/Maildir/new" "$folder/mail/$1/Maildir/cur" 2>/dev/null | head -n 1 | grep .
}

# reply WHO FILE [TO SUBJECT]: they answer that mail, as mail programs do, or write another
reply() {
	python3 - "$smtp" "$@" <<-'END'
	import email, email.policy, smtplib, sys
	port, who, path, *other = sys.argv[1:]
	mail = email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)
	answer = email.message.EmailMessage()
	answer["From"] = "Somebody <%s@example.com>" % who
	answer["To"] = other[0] if other else mail["Reply-To"] or mail["From"]
	answer["Subject"] = other[1] if other else "Re: " + mail["Subject"]
	answer["In-Reply-To"] = mail["Message-ID"]
	text = mail.get_body(("plain",)).get_content()
	answer.set_content("I have it.\n\n" + "".join("> %s\n" % line for line in text.splitlines()))
	with smtplib.SMTP("127.0.0.1", int(port)) as relay:
	    relay.send_message(answer)
	END
}

said() {
	grep -qE -e "$1" "$folder/log"
}

verb() {
	"$WATCHDESK" "$@" --config "$config" >"$folder/out" 2>&1 || { cat "$folder/out" >&2; show "$*"; }
}

"$WATCHDESK" run --config "$config" >"$folder/watch" 2>>"$folder/log" &
server="$! $server"
wait_for 'the heartbeat' said '^info heartbeat'
"$WATCHDESK" doctor --config "$config" >"$folder/out" 2>&1
grep -q 'ok .*the mail relay lets us in' "$folder/out" || { cat "$folder/out" >&2; show 'doctor: the relay'; }
grep -q 'ok .*the mailbox lets us in' "$folder/out" || { cat "$folder/out" >&2; show 'doctor: the mailbox'; }
MAIL_PASSWORD=wrong "$WATCHDESK" doctor --config "$config" >"$folder/out" 2>&1
grep -q 'NO .*the mailbox lets us in.*does not let us in with this name and password' "$folder/out" || { cat "$folder/out" >&2; show 'doctor: a wrong password'; }
echo 'ok: doctor signs in to Postfix and to Dovecot, and says so when the password is wrong'

verb subscribe new@example.com --severity 40
wait_for 'the question whether they subscribe' mails new 'wd-'
reply new "$(mails new 'wd-')"
is_active() { "$WATCHDESK" subscribe list --config "$config" | grep -q 'active *new@'; }
wait_for 'the subscription' is_active
echo 'ok: a subscription is confirmed by a reply, which Postfix takes and Dovecot keeps'

echo 'Everyone who goes to the premiere of The Interlude will be killed. We will bomb the cinema on Friday.' >"$folder/threat.txt"
mv "$folder/threat.txt" "$folder/spool/"
wait_for 'the alert' mails new '^List-Unsubscribe:'
wait_for 'the question to the desk' mails desk 'alert ack'
reply desk "$(mails desk 'alert ack')"
wait_for 'the acknowledgement' said 'duty-acknowledged.*day desk'
echo 'ok: an alert is delivered, and the reply of who is on duty acknowledges it'

wait_for 'the bounce' said 'mail-bounced to="nobody@example.com" status="5'
wait_for 'a word about it' mails desk 'gets no mail any more'
verb subscribe resume nobody@example.com
echo 'ok: the bounce that Postfix makes for who does not exist suspends the address'

alert=$(mails new '^List-Unsubscribe:')
set -- $(python3 - "$alert" <<-'END'
import email, email.policy, sys, urllib.parse
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
url = urllib.parse.urlparse(mail["List-Unsubscribe"].replace(" ", "").strip("<>").split(">")[0])
print(url.path, urllib.parse.parse_qs(url.query)["subject"][0])
END
)
reply new "$alert" "$1" "$2 $3"
is_gone() { ! is_active; }
wait_for 'that they leave' is_gone
echo 'ok: who writes to the address in List-Unsubscribe leaves'

is_read() { [ -z "$(ls "$folder/mail/watchdesk/Maildir/new")" ] && ! ls "$folder/mail/watchdesk/Maildir/cur" | grep -qv 'S'; }
wait_for 'that all is marked as read' is_read
# A takedown: a notice to the host by Postfix, its answer by Dovecot, the page looked at until it is gone, and again when it comes back.
case_shows() { "$WATCHDESK" takedown show "$id" --config "$config" | grep -qE -e "$1"; }
notice_of() { "$WATCHDESK" takedown show "$id" --json --config "$config" | python3 -c 'import json, sys; print(json.load(sys.stdin)["notices"][-1]["id"])'; }
leak='Payroll of Example Pictures, taken this morning, all of the staff, as it lay on the shared drive of the accountants beside the budgets of three films and the contracts of the actors, whom nobody had told that their numbers stand in a plain list without so much as a password: ada.lovelace@example.com:Mezz4nine!x grace@example.com:Other9word? and more on request'
echo "$leak" >"$folder/www/leak.txt"
found() { finding=$("$WATCHDESK" list --all --json --config "$config" | sed -n 's|^{"id":"\([0-9a-f]*\)".*/leak.txt".*|\1|p' | grep .); }
wait_for 'the leak' found
verb takedown open "$finding" --grounds credentials --json
id=$(sed -n 's/.*"takedown":"\([0-9a-f]*\)".*/\1/p' "$folder/out")
verb takedown draft "$id" --template dsa16 --to abuse@example.com
verb takedown approve "$(notice_of)"
verb takedown send "$(notice_of)"
wait_for 'the notice' mails abuse 'leak\.txt'
reply abuse "$(mails abuse 'leak\.txt')"
wait_for 'the answer of the host' case_shows 'abuse@example.com'
verb takedown recheck "$id"
wait_for 'a look: it is there' case_shows 'there'
rm "$folder/www/leak.txt"
is_gone_there() { "$WATCHDESK" takedown recheck "$id" --config "$config" && case_shows '(^|[^a-z])gone([^a-z]|$)'; }
wait_for 'that it is gone' is_gone_there
echo "$leak, once more" | sed 's/this morning/last night/' >"$folder/www/another.txt"
wait_for 'that the copy is known' case_shows 'another\.txt'
case_is_open_again() { [ "$("$WATCHDESK" takedown show "$id" --json --config "$config" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["notices"]))')" = 2 ]; }
wait_for 'the second draft' case_is_open_again
verb takedown approve "$(notice_of)"
verb takedown send "$(notice_of)"
wait_for 'the second notice' mails abuse 'another\.txt'
verb takedown close "$id" --note 'both are gone'
verb verify
echo 'ok: a notice goes to the host, its answer is attached, the page is looked at until it is gone, and its copy has the next notice'

! grep -q 'Mezzanine' "$folder/log" || fail 'a password is in the log'
echo 'ok: what was read is marked in the mailbox'
