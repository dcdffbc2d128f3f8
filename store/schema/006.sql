-- 006.sql - what else a finding is asked for by

-- The language of its text, ISO 639-1; empty where it cannot be told.
ALTER TABLE finding ADD COLUMN language $TEXT NOT NULL DEFAULT '';

-- What sort of data a hit is, after MISP's infoleak taxonomy; empty for hits kept before.
ALTER TABLE hit ADD COLUMN kind $TEXT NOT NULL DEFAULT '';

-- Texts that are nearly the same: sketch is their MinHash (store/sketch.h), NULL for texts too short and for those kept before;
-- a band is a hash of a few of its numbers, and texts that have one in common are compared.
ALTER TABLE cluster ADD COLUMN sketch $BYTES;
CREATE TABLE cluster_band (
	band $INT NOT NULL,
	cluster_id $INT NOT NULL REFERENCES cluster (id),
	PRIMARY KEY (band, cluster_id)
);

-- How people want to be reached or paid, and which findings say so. kind: wallet, onion, contact; handle is the
-- name of the author.
DROP TABLE campaign_contact;
CREATE TABLE contact (
	id $ID,
	kind $TEXT NOT NULL,
	value $TEXT NOT NULL,
	finding_id $INT NOT NULL REFERENCES finding (id),
	UNIQUE (kind, value, finding_id)
);
CREATE INDEX contact_finding ON contact (finding_id);

-- The campaign that an operator made this one a part of; its findings are there.
ALTER TABLE campaign ADD COLUMN merged_into $INT REFERENCES campaign (id);
CREATE INDEX campaign_seen ON campaign (last_seen DESC, id DESC) WHERE merged_into IS NULL;

-- A rule whose hits do not count for severity: those of one source, or of all (NULL); for good, or until then. One that counts
-- again has no row: custody says who muted it and when.
CREATE TABLE mute (
	id $ID,
	rule $TEXT NOT NULL,
	source_id $INT REFERENCES source (id),
	operator $TEXT NOT NULL,
	at $INT NOT NULL,
	until $INT
);
CREATE UNIQUE INDEX mute_once ON mute (rule, coalesce(source_id, 0));

-- What a shift works through: findings with a verdict (none, most of the time), the most severe first, then the oldest. What it
-- is filtered by stands behind, so that no row is read to be left out.
CREATE INDEX finding_queue ON finding (verdict, severity DESC, id, category, asset);

-- How grave a hit is when it is true (0 info, 1 low, 2 medium, 3 high); of those kept before, medium.
ALTER TABLE hit ADD COLUMN gravity $INT NOT NULL DEFAULT 2;

-- New rules over what is stored: which posts, and how far it came. source and category: empty for all; since: 0.
CREATE TABLE rescan (
	id $ID,
	classifier_id $INT NOT NULL REFERENCES classifier (id),
	since $INT NOT NULL,
	source $TEXT NOT NULL,
	category $TEXT NOT NULL,
	operator $TEXT NOT NULL,
	began_at $INT NOT NULL,
	ended_at $INT,
	first_post $INT NOT NULL,
	last_post $INT NOT NULL,
	at_post $INT NOT NULL,
	posts $INT NOT NULL DEFAULT 0,
	bytes $INT NOT NULL DEFAULT 0,
	passed_over $INT NOT NULL DEFAULT 0,
	assessments $INT NOT NULL DEFAULT 0,
	new_findings $INT NOT NULL DEFAULT 0,
	changed_findings $INT NOT NULL DEFAULT 0,
	withheld $INT NOT NULL DEFAULT 0,
	lost $INT NOT NULL DEFAULT 0
);

-- What it changed: "rule X", hits of it; "severity high", findings of that class: how many came and how many went.
CREATE TABLE rescan_change (
	rescan_id $INT NOT NULL REFERENCES rescan (id),
	name $TEXT NOT NULL,
	came $INT NOT NULL,
	went $INT NOT NULL,
	PRIMARY KEY (rescan_id, name)
);

-- A query that somebody keeps, by its name; subscriptions may follow it.
CREATE TABLE saved_search (
	name $TEXT PRIMARY KEY,
	query $TEXT NOT NULL,
	operator $TEXT NOT NULL,
	at $INT NOT NULL
);

-- keep: what nobody may purge, and what was purged. kind: finding, campaign, source; subject_id: of its row.
CREATE TABLE hold (
	id $ID,
	kind $TEXT NOT NULL,
	subject_id $INT NOT NULL,
	reason $TEXT NOT NULL,
	operator $TEXT NOT NULL,
	at $INT NOT NULL,
	UNIQUE (kind, subject_id)
);

-- A revision of a finding whose text was purged: its digest stays where it was. What is no finding goes with its rows.
CREATE TABLE purged (
	revision_id $INT PRIMARY KEY REFERENCES revision (id),
	rule $TEXT NOT NULL,
	at $INT NOT NULL
);

-- Revisions that have to leave the full text: gone from the store, until the index has forgotten them too.
CREATE TABLE unindex (
	revision_id $INT PRIMARY KEY,
	first_seen $INT NOT NULL
);

-- A dictionary holds pieces of the texts it was learnt from; when one of these was purged it is stale: nothing more is coded
-- with it, what was is coded anew, and then its content goes.
ALTER TABLE dictionary ADD COLUMN stale $INT NOT NULL DEFAULT 0;
CREATE INDEX unindex_seen ON unindex (first_seen);
CREATE INDEX revision_body ON revision (body_id);
CREATE INDEX campaign_name ON campaign (name);
CREATE INDEX outbox_about ON outbox (finding_id) WHERE finding_id IS NOT NULL;
CREATE INDEX outbox_general ON outbox (made_at) WHERE finding_id IS NULL;

-- keep: which steps of a playbook were done for a finding; the newest row of a step counts. done: 1 ticked, 0 taken back.
CREATE TABLE playbook_tick (
	id $ID,
	finding_id $INT NOT NULL REFERENCES finding (id),
	playbook $TEXT NOT NULL,
	step $TEXT NOT NULL,
	done $INT NOT NULL,
	operator $TEXT NOT NULL,
	note $TEXT NOT NULL,
	at $INT NOT NULL
);
CREATE INDEX playbook_tick_finding ON playbook_tick (finding_id, id);
