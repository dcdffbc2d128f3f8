#!/bin/sh
# What a site edits or deletes is seen and dated: a paste that mattered, a post in the middle of a thread, a whole thread.
. tests/e2e/lib.sh

mkdir "$folder/changes"
start_site --changes "$folder/changes"
configure <<'END'
  - name: pastes
    listing: "@URL@/archive"
    links: //table[@class="maintable"]//td[1]/a/@href
    next: //a[@rel="next"]/@href
    pages: 3
    raw: "@URL@/raw/{key}"
    soft_404: //div[@class="notice error"]
    pace: 0
    every: 1s
    allow_private: true
  - name: forum
    listing: "@URL@/forum/"
    links: //a[@class="thread"]/@href
    next: //a[@rel="next"]/@href
    pages: 3
    post:
      item: //article[@class="post"]
      key: ./@id
      author: .//span[@class="author"]
      date: .//time/@datetime
      text: .//div[@class="text"]
    pace: 0
    every: 1s
    allow_private: true
END

# rows KEY: of the revisions of a post, the oldest first, "stands" or "gone".
rows() {
	query "SELECT group_concat(CASE WHEN deleted_at IS NULL THEN 'stands' ELSE 'gone' END, ' ')
		FROM (SELECT deleted_at FROM revision JOIN post ON post.id = post_id WHERE key = '$1' ORDER BY revision.id)"
}

# Rounds until the post is what it should be: an address comes again when it is due.
expect_rows() {
	tries=0
	while [ "$(rows "$2")" != "$3" ]; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || fail "$1: expected $3, got $(rows "$2")"
		sleep 0.1
		verb 0 crawl
	done
}

requests_for() {
	count " GET $1 " "$folder/site.log"
}

verb 0 crawl
for key in stealer ransom warning soup gamechat f3a f4a f4b; do
	expect "$key after the first round" stands "$(rows "$key")"
done

touch "$folder/changes/stealer.gone" "$folder/changes/soup.gone" "$folder/changes/f3a.gone" "$folder/changes/f4a.gone" "$folder/changes/f4b.gone"
touch "$folder/changes/warning.soft"
echo 'Example Pictures, this is our very last notice: pay 40 bitcoin by Friday or we publish all of your mail.' >"$folder/changes/ransom.txt"
expect_rows "a paste that mattered and is not there any more" stealer gone
expect_rows "one whose site says so with 200" warning gone
expect_rows "an edited one has two texts" ransom 'stands stands'
expect_rows "a post taken out of a thread" f3a gone
expect_rows "the first of a thread that is not there any more" f4a gone
expect "the other of that thread" gone "$(rows f4b)"
expect "the post beside the one that was taken out" stands "$(rows gamechat)"

# Taken out of the first of two pages: what follows moves up, the first of the second page among it, and stands.
touch "$folder/changes/f1b.gone"
expect_rows "a post taken out of a thread of two pages" f1b gone
for round in 1 2; do
	sleep 1.1
	verb 0 crawl
	for key in f1a filmreview f1c threat-veiled f1d; do
		expect "$key, which stands where another one was" stands "$(rows $key)"
	done
done

# What did not matter is not asked for again, so nothing is known of its end.
expect "requests for an ordinary paste" 1 "$(requests_for /raw/soup)"
expect "an ordinary paste" stands "$(rows soup)"
requests=$(requests_for /raw/stealer)
verb 0 crawl
expect "requests for what is gone" "$requests" "$(requests_for /raw/stealer)"

# A post that comes back is a text of its own, and the one before stays gone.
rm "$folder/changes/f3a.gone"
expect_rows "a post that came back" f3a 'gone stands'
expect "health of the source" - "$(health_of forum)"
