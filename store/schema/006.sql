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
