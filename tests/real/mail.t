#!/bin/sh
# Letters of the watch to real software: aiosmtpd with STARTTLS and AUTH, which keeps them in a Maildir, where Python's own mail reader finds
# nothing wrong with them; npm's smtp-server on its bad days. Postfix is in life.t.
# usage: WATCHDESK=PROGRAM sh tests/real/mail.t     (needs Debian's python3-aiosmtpd, openssl; node and npm for the second half)
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
	    assert "This is a test: what the watch says arrives." in m.get_body(("plain",)).get_content()
	    assert "This is a test: what the watch says arrives." in m.get_body(("html",)).get_content()
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

# npm's smtp-server, which nodemailer's tests use, says what relays say on bad days; it is fetched once into build/npm.
modules=$PWD/build/npm/node_modules
command -v node >/dev/null && command -v npm >/dev/null || { echo 'skipped: no node and npm'; exit 0; }
[ -d "$modules/smtp-server" ] ||
	timeout 60 npm install --silent --no-audit --no-fund --prefix "$PWD/build/npm" smtp-server@3 >"$folder/npm" 2>&1 ||
	{ echo "skipped: npm's smtp-server cannot be had: $(tail -n 1 "$folder/npm")"; exit 0; }
cat >"$folder/serve.js" <<'END'
const fs = require('fs'), { SMTPServer } = require('smtp-server'), folder = process.argv[2], seen = {}
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code })
const keys = name => ({ cert: fs.readFileSync(`${folder}/${name}.pem`), key: fs.readFileSync(`${folder}/${name}.key`) })
const answers = { 452: '4.2.2 Mailbox full', 550: '5.1.1 No such user' }

function onRcptTo(address, session, done) {
  const code = address.address.split('@')[0]
  if (code === '450' && !seen[code]) {
    seen[code] = true
    return done(refuse(450, '4.7.1 Greylisted'))
  }
  done(answers[code] ? refuse(+code, answers[code]) : null)
}

function onData(stream, session, done) {
  const to = session.envelope.rcptTo[0].address, parts = []
  stream.on('data', part => parts.push(part))
  stream.on('end', () => {
    if (to.startsWith('drop'))
      return server(session).connections.forEach(c => c._socket.destroy())
    if (to.startsWith('552'))
      return done(refuse(552, '5.3.4 Too large'))
    fs.appendFileSync(`${folder}/kept`, `${to} ${/[\x80-\xff]/.test(Buffer.concat(parts).toString('latin1')) ? '8bit' : '7bit'}\n`)
    done()
  })
}

const common = { onRcptTo, onData, authOptional: true, disabledCommands: ['AUTH'], ...keys('good'), logger: false }
const kinds = {
  good: {},
  stripped: { disabledCommands: ['AUTH', 'STARTTLS'] },
  impostor: keys('self'),
  closed: { onConnect: (session, done) => done(refuse(421, '4.3.2 Closed for today')) },
  slow: { onConnect: (session, done) => setTimeout(done, 2000) },
  bare: { hide8BITMIME: true, hideSMTPUTF8: true, hidePIPELINING: true, hideSize: true },
}
const servers = Object.entries(kinds).map(([name, more]) => [name, new SMTPServer({ ...common, ...more })])
const server = session => servers.map(([, s]) => s).find(s => [...s.connections].some(c => c.session === session || c.id === session.id))
let left = servers.length
for (const [name, s] of servers) {
  s.on('error', () => 0)
  const listener = s.listen(0, '127.0.0.1', () => {
    fs.appendFileSync(`${folder}/ports`, `${name} ${listener.address().port}\n`)
    if (--left === 0)
      fs.renameSync(`${folder}/ports`, `${folder}/ready`)
  })
}
END
NODE_PATH=$modules node "$folder/serve.js" "$folder" >"$folder/serve.err" 2>&1 &
server=$!
until [ -s "$folder/ready" ]; do kill -0 $server || fail "smtp-server: $(cat "$folder/serve.err")"; sleep 0.05; done

# says SERVER RECIPIENT CODE PATTERN: what comes of a letter to it
says() {
	mail "$(sed -n "s/^$1 //p" "$folder/ready")" '  ca: ca.pem'
	"$WATCHDESK" alert test "$2@example.com" --config "$config" >"$folder/out" 2>&1
	code=$?
	[ $code = "$3" ] && grep -qE -e "$4" "$folder/out" || { cat "$folder/out" "$folder/serve.err" >&2; fail "$1, $2: code $code"; }
}
says good desk 0 '^sent'
says good 450 4 'to the recipient: 450 4.7.1 Greylisted'
says good 450 0 '^sent'
says good 452 4 'to the recipient: 452 4.2.2'
says good 550 4 'to the recipient: 550 5.1.1'
says good 552 4 'to the text: 552 5.3.4'
says good drop 4 'hung up instead of an answer to the text'
says stripped desk 4 'offers no STARTTLS'
says impostor desk 4 'certificate'
says closed desk 4 'to the connection: 421'
says slow desk 0 '^sent'
says bare desk 0 '^sent'
expect 'what smtp-server kept' 'desk@example.com 7bit 450@example.com 7bit desk@example.com 7bit desk@example.com 7bit' "$(tr '\n' ' ' <"$folder/kept" | sed 's/ $//')"
echo 'ok: smtp-server: 421 at connect, greylisting, 452, 550, 552, gone after DATA, no STARTTLS, a certificate of nobody, a slow greeting, no 8BITMIME nor SMTPUTF8'
