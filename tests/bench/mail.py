"""Letters a second through one connection: Python's smtplib. usage: mail.py PORT N"""
import smtplib
import sys
import time
from email.message import EmailMessage

port, n = int(sys.argv[1]), int(sys.argv[2])
m = EmailMessage()
m["From"], m["To"], m["Subject"] = "watchdesk@example.com", "desk@example.com", "[watchdesk] high leak"
m.set_content("Reason\n" * 40)
m.add_alternative("<p>Reason</p>\n" * 40, subtype="html")
begun = time.perf_counter()
with smtplib.SMTP("127.0.0.1", port) as relay:
    for i in range(n):
        relay.send_message(m)
print("%.0f" % (n / (time.perf_counter() - begun)))
