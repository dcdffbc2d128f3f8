# feeds.py - the feeds of a report, read by feedparser, json and csv; what RFC 4287 and JSON Feed 1.1 ask for is there
# usage: python3 feeds.py REPORT ADDRESS FINDINGS
import csv, json, os, re, sys, uuid
import xml.etree.ElementTree as xml

import feedparser

report, address, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
ATOM, TIME = "{http://www.w3.org/2005/Atom}", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def read(name):
    with open(os.path.join(report, name), "rb") as f:
        return f.read()


def hold(what, is_so):
    if not is_so:
        sys.exit(f"not ok: {what}")


atom = feedparser.parse(read("feed.atom.xml"))
hold(f"feedparser: {atom.get('bozo_exception')}", not atom.bozo and atom.version == "atom10")
hold(f"{len(atom.entries)} entries", len(atom.entries) == min(n, 500))
root = xml.fromstring(read("feed.atom.xml"))
for at in [root, *root.iter(ATOM + "entry")]:
    for tag in ("id", "title", "updated"):
        hold(f"{len(at.findall(ATOM + tag))} {tag}", len(at.findall(ATOM + tag)) == 1)
    uuid.UUID(at.find(ATOM + "id").text.removeprefix("urn:uuid:"))
    hold(at.find(ATOM + "updated").text, TIME.match(at.find(ATOM + "updated").text))
kinds = [child.tag for child in root]
hold("metadata behind an entry", ATOM + "entry" not in kinds[: kinds.index(ATOM + "entry")] and set(kinds[kinds.index(ATOM + "entry"):]) == {ATOM + "entry"})
hold("no author", root.find(f"{ATOM}author/{ATOM}name").text)
ids = [e.findtext(ATOM + "id") for e in root.iter(ATOM + "entry")]
hold("ids are not unique", len(set(ids)) == len(ids) and root.findtext(ATOM + "id") not in ids)
links = [link.get("href") for link in root.findall(ATOM + "link") if link.get("rel") == "self"]
hold(f"self: {links}", links == ([address + "feed.atom.xml"] if address else []))
entries = list(root.iter(ATOM + "entry"))
updated = [e.findtext(ATOM + "updated") for e in entries]
hold("the feed is older than an entry", root.findtext(ATOM + "updated") == max(updated))
published = [e.findtext(ATOM + "published") for e in entries]
hold("the newest are not first", published == sorted(published, reverse=True))
hold("changed before it was made", all(p <= u for p, u in zip(published, updated)))
for e in entries:  # RFC 4287 4.1.2: at most one link of a kind, and what is not text says so
    hold("an entry leads nowhere", [(l.get("rel"), l.get("type"), l.get("href")) for l in e.findall(ATOM + "link")] == [("alternate", "text/html", f"{address}finding/{uuid.UUID(e.findtext(ATOM + 'id')[9:]).hex}.html")])
    hold("the content", e.find(ATOM + "content").get("type") == "text" and e.findtext(ATOM + "content"))
    hold("a category without a term", all(c.get("term") for c in e.findall(ATOM + "category")))
hold("no language", root.get("{http://www.w3.org/XML/1998/namespace}lang"))
hold("no label", root.findtext(ATOM + "rights").startswith("TLP:"))

feed = json.loads(read("feed.json"))
hold("version", feed["version"] == "https://jsonfeed.org/version/1.1" and isinstance(feed["title"], str))
hold("a feed_url", feed.get("feed_url") == (address + "feed.json" if address else None))
hold(f"{len(feed['items'])} items", [i["id"] for i in feed["items"]] == ids)
hold("authors", [a["name"] for a in feed["authors"]] and isinstance(feed["language"], str))
hold("ids are not unique", len({i["id"] for i in feed["items"]}) == len(feed["items"]))
for item in feed["items"]:
    hold("what is no text", all(isinstance(item[k], str) for k in item if k != "tags") and all(isinstance(t, str) for t in item["tags"]))
    hold("an address of another place", item.get("url", address).startswith(address))
    hold("an item lacks text", isinstance(item["content_text"], str) and item["content_text"])
    hold("a date", TIME.match(item["date_published"]) and TIME.match(item["date_modified"]))
    hold("an extension", all(key in ("id", "url", "title", "content_text", "date_published", "date_modified", "tags") for key in item))
hold("the label", feed["_watchdesk"]["tlp"].startswith("TLP:"))

rows = json.loads(read("findings.json"))
hold(f"{len(rows['findings'])} findings", len(rows["findings"]) == n and rows["complete"] is True and rows["tlp"].startswith("TLP:"))
table = list(csv.reader(read("findings.csv").decode().splitlines(keepends=True), strict=True))
hold(f"{len(table)} lines", len(table) == n + 1 and {len(row) for row in table} == {14})
hold("a line end", all(line.endswith(b"\r\n") for line in read("findings.csv").splitlines(keepends=True)))
hold("a formula", not any(re.match(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]", cell) for row in table for cell in row))
for name in ("feed.atom.xml", "feed.json", "findings.json", "findings.csv"):
    text = read(name).decode()
    hold(f"{name} shows what hides", not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u0000-\u0008\u001b\ufffe\uffff]", text))
    hold(f"{name} holds an address that opens", "https://paste.example" not in text)
print(f"ok: {n} findings in four files, as their standards ask")
