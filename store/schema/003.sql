-- 003.sql - how a source is watched: sessions, polls and their gaps, canaries, threads that move, what rules kept out

-- What a source's site knows us by. cookies: as libcurl writes them, a line each. For one that signs in, state: in, out, refused
-- (then `detail` says why), and login: the digest of how it does.
CREATE TABLE session (
	source_id $INT PRIMARY KEY REFERENCES source (id),
	state $TEXT NOT NULL,
	cookies $TEXT NOT NULL,
	detail $TEXT NOT NULL,
	refusals $INT NOT NULL DEFAULT 0,
	login $BYTES,
	changed_at $INT NOT NULL,
	due_at $INT
);

-- The last polls of each source's own addresses: what they listed, and how much of it was new.
CREATE TABLE poll (
	id $ID,
	source_id $INT NOT NULL REFERENCES source (id),
	frontier_id $INT NOT NULL REFERENCES frontier (id),
	at $INT NOT NULL,
	items $INT NOT NULL,
	fresh $INT NOT NULL
);
CREATE INDEX poll_source ON poll (source_id, id);
CREATE INDEX poll_frontier ON poll (frontier_id, id);

-- A listing that moved on by more than it shows: between two polls about `missed` items came and went unseen.
CREATE TABLE gap (
	id $ID,
	source_id $INT NOT NULL REFERENCES source (id),
	frontier_id $INT NOT NULL REFERENCES frontier (id),
	since $INT NOT NULL,
	until $INT NOT NULL,
	missed $INT NOT NULL
);
CREATE INDEX gap_source ON gap (source_id, id);

-- What a rule kept out: where and when, and nothing of what it said.
CREATE TABLE withheld (
	id $ID,
	source_id $INT NOT NULL REFERENCES source (id),
	url $TEXT NOT NULL,
	rule $TEXT NOT NULL,
	first_at $INT NOT NULL,
	last_at $INT NOT NULL,
	UNIQUE (source_id, url, rule)
);

-- root: the first page of a thread, of its further pages. activity: what its listing said of it last. wait: how long it is
-- left alone, us; NULL for as long as its source says.
ALTER TABLE frontier ADD COLUMN root $INT;
ALTER TABLE frontier ADD COLUMN activity $TEXT;
ALTER TABLE frontier ADD COLUMN wait $INT;
CREATE INDEX frontier_root ON frontier (root, depth) WHERE root IS NOT NULL;

-- The site's own name for an author, which stays when the one that is shown changes. NULL where it shows none.
ALTER TABLE post ADD COLUMN author_id $TEXT;

-- When a post was edited last, or that it was, in the site's words. NULL where it does not say so.
ALTER TABLE post ADD COLUMN edited $TEXT;

-- A post that has to be seen: where and when it was seen last, and until when it has to be seen again. NULL for none.
ALTER TABLE health ADD COLUMN canary_frontier $INT;
ALTER TABLE health ADD COLUMN canary_at $INT;
ALTER TABLE health ADD COLUMN canary_due_at $INT;
