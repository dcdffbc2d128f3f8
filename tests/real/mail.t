#!/bin/sh
# Letters of the watch to real software: aiosmtpd with STARTTLS and AUTH, which keeps them in a Maildir; OpenSMTPD as a relay, which
# delivers into a Maildir (only as root, which it wants to be). Python's own mail reader finds nothing wrong with them.
# usage: WATCHDESK=PROGRAM sh tests/real/mail.t     (needs Debian's python3-aiosmtpd, openssl; opensmtpd for the second half)
. tests/real/lib.sh
python=/usr/bin/python3 # Debian's own, which sees Debian's modules
$python -c 'import aiosmtpd' 2>/dev/null || { echo 'skipped: no python3-aiosmtpd'; exit 0; }
needs openssl
config=$folder/watchdesk.yaml
tests/certificates "$folder"
export SMTP_USER=watchdesk SMTP_PASSWORD='Mezzanine 0001'

cat >"$folder/serve.py" <<'END'
import asyncio, os, signal, ssl, sys
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, AuthResult

folder = sys.argv[1]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/good.pem", folder + "/good.key")


def known(server, session, envelope, mechanism, data):
    right = (data.login.decode(), data.password.decode()) == (os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"])
    return AuthResult(success=right, handled=False)


async def main():
    handler = Mailbox(folder + "/aiosmtpd")
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, tls_context=context, require_starttls=True, auth_required=True, authenticator=known), "127.0.0.1", 0)
    os.write(1, b"%d\n" % server.sockets[0].getsockname()[1])
    await server.serve_forever()

asyncio.run(main())
END

# mail PORT MORE-LINES: the configuration
mail() {
	cat >"$config" <<-END
	organisation: Example Pictures
	contact: watchdesk@example.com
	alerts:
	  smtp: smtp://127.0.0.1:$1
	  from: watchdesk@example.com
	$2
	END
}

# What Python makes of a Maildir: its letters, each with its subject and the kinds of its parts, and what it complains of.
read_maildir() {
	$python - "$1" <<-'END'
	import email.policy, glob, sys
	for path in sorted(glob.glob(sys.argv[1] + "/*/*")):
	    m = email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)
	    print(m["subject"], m["auto-submitted"], *[p.get_content_type() for p in m.walk()], *[d for p in m.walk() for d in p.defects])
	    assert "This is a test: mail of the watch arrives." in m.get_body(("plain",)).get_content()
	    assert "This is a test: mail of the watch arrives." in m.get_body(("html",)).get_content()
	END
}
letter='[watchdesk] test of the alerts auto-generated multipart/alternative text/plain text/html'

PYTHONWARNINGS=ignore $python "$folder/serve.py" "$folder" >"$folder/port" 2>"$folder/serve.err" &
server=$!
until [ -s "$folder/port" ]; do kill -0 $server || fail "aiosmtpd: $(cat "$folder/serve.err")"; sleep 0.05; done
mail "$(cat "$folder/port")" '  ca: ca.pem
  user: env:SMTP_USER
  password: env:SMTP_PASSWORD'
for i in 1 2 3; do
	"$WATCHDESK" alert test desk@example.com --config "$config" >"$folder/out" 2>&1 || { cat "$folder/out" >&2; fail 'no letter'; }
done
grep -q '^> AUTH [A-Z-]* (hidden)$' "$folder/out" || { cat "$folder/out" >&2; fail 'no sign-in'; }
SMTP_PASSWORD=wrong "$WATCHDESK" alert test desk@example.com --config "$config" >"$folder/out" 2>&1 && fail 'a wrong password is taken'
mail "$(cat "$folder/port")" '  tls: none'
"$WATCHDESK" alert test desk@example.com --config "$config" >"$folder/out" 2>&1 && fail 'it goes without TLS'
[ "$(read_maildir "$folder/aiosmtpd")" = "$(printf '%s\n%s\n%s' "$letter" "$letter" "$letter")" ] || fail "$(read_maildir "$folder/aiosmtpd")"
kill $server
echo 'ok: aiosmtpd keeps three letters, which came by STARTTLS and with a password'

PATH=$PATH:/usr/sbin
if ! command -v smtpd >/dev/null || [ "$(id -u)" != 0 ] || ! id nobody >/dev/null 2>&1; then
	echo 'skipped: OpenSMTPD is not here, or this is not root'
	exit 0
fi
port=$($python -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$folder/box"
chmod 755 "$folder"
chown nobody "$folder/box"
cat >"$folder/smtpd.conf" <<-END
table people { "desk@example.com" = "nobody" }
listen on 127.0.0.1 port $port hostname relay.example.net
action "keep" maildir "$folder/box" virtual <people>
match from any for domain "example.com" action "keep"
END
smtpd -d -f "$folder/smtpd.conf" >"$folder/smtpd.log" 2>&1 &
server=$!
tries=0
until $python -c "import socket; socket.create_connection(('127.0.0.1', $port))" 2>/dev/null; do
	tries=$((tries + 1))
	{ kill -0 $server 2>/dev/null && [ $tries -lt 60 ]; } || { echo "skipped: OpenSMTPD does not start here: $(tail -n 1 "$folder/smtpd.log")"; exit 0; }
	sleep 0.1
done
mail "$port" '  tls: none' # its TLS does not work with the OpenSSL of Debian 12
"$WATCHDESK" alert test desk@example.com --config "$config" >"$folder/out" 2>&1 || { cat "$folder/out" "$folder/smtpd.log" >&2; fail 'OpenSMTPD takes no letter'; }
"$WATCHDESK" alert test other@example.org --config "$config" >"$folder/out" 2>&1 && fail 'a stranger is written to'
grep -q 'to the recipient: 550' "$folder/out" || { cat "$folder/out" >&2; fail 'what OpenSMTPD says is not told'; }
tries=0
until [ "$(read_maildir "$folder/box")" = "$letter" ]; do
	tries=$((tries + 1))
	[ $tries -lt 60 ] || { cat "$folder/smtpd.log" >&2; fail "in the Maildir: $(read_maildir "$folder/box")"; }
	sleep 0.1
done
echo 'ok: OpenSMTPD delivers a letter into a Maildir, and refuses whom it does not know'
