-- 002.sql - the model: nodes, operators, versions, bodies, captures, evidence, custody, campaigns, the outbox, takedowns
--
-- $ID, $INT, $REAL, $TEXT and $BYTES are an engine's own types (db.h). What other people see of a row is its public_id,
-- 128 random bits. Truth values are 0 and 1.

-- A host that writes into this store, with an evidence folder and a custody chain of its own.
CREATE TABLE node (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	name $TEXT NOT NULL,
	first_seen $INT NOT NULL
);

-- A person who acts, known by the system user; and the keys with which that person has signed.
CREATE TABLE operator (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	name $TEXT NOT NULL UNIQUE,
	first_seen $INT NOT NULL
);
CREATE TABLE operator_key (
	id $ID,
	operator_id $INT NOT NULL REFERENCES operator (id),
	public_key $BYTES NOT NULL UNIQUE,
	first_seen $INT NOT NULL
);

-- Each rule pack, lexicon, model, list of assets and program that ever judged, by its digest. A classifier is made of several.
CREATE TABLE version (
	id $ID,
	kind $TEXT NOT NULL,
	name $TEXT NOT NULL,
	digest $BYTES NOT NULL,
	first_used_at $INT NOT NULL,
	UNIQUE (kind, name, digest)
);
CREATE TABLE classifier_version (
	classifier_id $INT NOT NULL REFERENCES classifier (id),
	version_id $INT NOT NULL REFERENCES version (id),
	PRIMARY KEY (classifier_id, version_id)
);

-- The text of a revision; revisions with the same text share it while the writer remembers (body.c). digest is the SHA-256 of
-- the text, digest_key its first eight bytes as a number. coding: 0 as it is, 1 zstd, above 1 zstd with a dictionary.
CREATE TABLE dictionary (
	id $ID,
	made_at $INT NOT NULL,
	content $BYTES NOT NULL
);
CREATE TABLE body (
	id $ID,
	digest_key $INT NOT NULL,
	digest $BYTES NOT NULL,
	coding $INT NOT NULL,
	size $INT NOT NULL,
	content $BYTES NOT NULL
);

-- An exchange that gave something new. asked_url is what was leased, url where the redirects led. Nobody looks for its
-- public_id, which therefore has no index.
CREATE TABLE capture (
	id $ID,
	public_id $TEXT NOT NULL,
	node_id $INT NOT NULL REFERENCES node (id),
	source_id $INT NOT NULL REFERENCES source (id),
	asked_url $TEXT NOT NULL,
	url $TEXT NOT NULL,
	hops $INT NOT NULL,
	status $INT NOT NULL,
	address $TEXT NOT NULL,
	tls_leaf $BYTES,
	body_digest $BYTES NOT NULL,
	started_at $INT NOT NULL,
	ended_at $INT NOT NULL
);

-- A sealed item in a segment file of a node. digest is the SHA-256 of the sealed bytes, content_digest that of what they
-- open to. wrapped_key is the item's key, sealed to the evidence key whose digest is key_id; without it the item is purged.
CREATE TABLE evidence (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	node_id $INT NOT NULL REFERENCES node (id),
	capture_id $INT NOT NULL REFERENCES capture (id),
	kind $TEXT NOT NULL,
	segment $INT NOT NULL,
	start_at $INT NOT NULL,
	length $INT NOT NULL,
	digest $BYTES NOT NULL,
	content_digest $BYTES NOT NULL,
	key_id $BYTES NOT NULL,
	wrapped_key $BYTES,
	sealed_at $INT NOT NULL,
	forgotten_at $INT
);
CREATE INDEX evidence_place ON evidence (node_id, segment, start_at);
CREATE INDEX evidence_capture ON evidence (capture_id);

-- Who did what, a chain for each node: hash covers the hash before it and the digest of this entry's text (custody.h).
CREATE TABLE custody (
	node_id $INT NOT NULL REFERENCES node (id),
	sequence $INT NOT NULL,
	at $INT NOT NULL,
	act $TEXT NOT NULL,
	subject $TEXT NOT NULL,
	operator $TEXT NOT NULL,
	detail $TEXT NOT NULL,
	entry $BYTES NOT NULL,
	hash $BYTES NOT NULL,
	public_key $BYTES,
	signature $BYTES,
	PRIMARY KEY (node_id, sequence)
);
CREATE INDEX custody_subject ON custody (subject, node_id, sequence);

-- Where a head of the chain is known outside: a report, a mail, a time-stamp authority with its token.
CREATE TABLE anchor (
	id $ID,
	node_id $INT NOT NULL REFERENCES node (id),
	sequence $INT NOT NULL,
	hash $BYTES NOT NULL,
	at $INT NOT NULL,
	kind $TEXT NOT NULL,
	place $TEXT NOT NULL,
	token $BYTES
);
CREATE INDEX anchor_kind ON anchor (node_id, kind, sequence);

-- Findings tied by near-identical text or a shared contact; a cluster is the near-identical texts, by the digest of what is
-- left of a masked text without case and spacing.
CREATE TABLE campaign (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	name $TEXT NOT NULL,
	first_seen $INT NOT NULL,
	last_seen $INT NOT NULL
);
CREATE TABLE campaign_contact (
	campaign_id $INT NOT NULL REFERENCES campaign (id),
	kind $TEXT NOT NULL,
	value $TEXT NOT NULL,
	PRIMARY KEY (kind, value)
);
CREATE INDEX campaign_contact_campaign ON campaign_contact (campaign_id);
CREATE TABLE cluster (
	id $ID,
	digest $BYTES NOT NULL UNIQUE,
	campaign_id $INT NOT NULL REFERENCES campaign (id),
	verdict_id $INT REFERENCES verdict (id),
	first_seen $INT NOT NULL
);
CREATE INDEX cluster_campaign ON cluster (campaign_id);

-- A secret that was judged: a finding all of whose secrets were judged the same way needs no judging again.
CREATE TABLE secret_verdict (
	digest $BYTES PRIMARY KEY,
	verdict_id $INT NOT NULL REFERENCES verdict (id)
);

-- A takedown and its targets: each place where the text stands. state of a takedown: open, closed; of a target: open,
-- drafted, approved, sent, receipt, refused, gone, back, closed.
CREATE TABLE takedown (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	finding_id $INT NOT NULL REFERENCES finding (id),
	grounds $TEXT NOT NULL,
	state $TEXT NOT NULL,
	operator_id $INT NOT NULL REFERENCES operator (id),
	first_aware_at $INT NOT NULL,
	opened_at $INT NOT NULL,
	closed_at $INT
);
CREATE INDEX takedown_finding ON takedown (finding_id);
CREATE TABLE takedown_target (
	id $ID,
	takedown_id $INT NOT NULL REFERENCES takedown (id),
	url $TEXT NOT NULL,
	state $TEXT NOT NULL,
	operator_id $INT NOT NULL REFERENCES operator (id),
	changed_at $INT NOT NULL,
	recheck_at $INT,
	UNIQUE (takedown_id, url)
);
CREATE INDEX takedown_target_recheck ON takedown_target (recheck_at) WHERE recheck_at IS NOT NULL;

-- One thing to send, in the transaction that made it due. state: waiting, sent, dead.
CREATE TABLE outbox (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	finding_id $INT REFERENCES finding (id),
	takedown_id $INT REFERENCES takedown (id),
	kind $TEXT NOT NULL,
	recipient $TEXT NOT NULL,
	subject $TEXT NOT NULL,
	content $BYTES NOT NULL,
	state $TEXT NOT NULL,
	tries $INT NOT NULL,
	made_at $INT NOT NULL,
	due_at $INT NOT NULL,
	ended_at $INT,
	answer $TEXT NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting';

-- Figures that would take a scan to count, kept with the rows they count.
CREATE TABLE tally (
	name $TEXT PRIMARY KEY,
	n $INT NOT NULL
);

-- Where a post was read last, so that it is missed when it is not there any more.
ALTER TABLE post ADD COLUMN page_id $INT REFERENCES frontier (id);
ALTER TABLE post ADD COLUMN posted_zone $TEXT NOT NULL DEFAULT '';
CREATE INDEX post_page ON post (page_id);

-- deleted_at: when the text was found to be gone. row_digest is over what of a revision never changes.
ALTER TABLE revision ADD COLUMN body_id $INT REFERENCES body (id);
ALTER TABLE revision ADD COLUMN capture_id $INT REFERENCES capture (id);
ALTER TABLE revision ADD COLUMN deleted_at $INT;
INSERT INTO body (id, digest_key, digest, coding, size, content)
	SELECT id, 0, digest, 0, length(CAST(text AS $BYTES)), CAST(text AS $BYTES) FROM revision;
UPDATE revision SET body_id = id;
ALTER TABLE revision DROP COLUMN text;
CREATE INDEX revision_capture ON revision (capture_id);

-- The digest of all that an assessment says, its hits, parts and reasons included (finding.h).
ALTER TABLE assessment ADD COLUMN digest $BYTES;

ALTER TABLE finding ADD COLUMN cluster_id $INT REFERENCES cluster (id);
ALTER TABLE finding ADD COLUMN campaign_id $INT REFERENCES campaign (id);
ALTER TABLE finding ADD COLUMN first_aware_at $INT;
UPDATE finding SET first_aware_at = found_at;
CREATE INDEX finding_campaign ON finding (campaign_id);
CREATE INDEX finding_cluster ON finding (cluster_id);
CREATE INDEX finding_assessment ON finding (assessment_id);

ALTER TABLE verdict ADD COLUMN public_id $TEXT;
CREATE UNIQUE INDEX verdict_public ON verdict (public_id);

INSERT INTO tally (name, n) SELECT 'posts', count(*) FROM post;
INSERT INTO tally (name, n) SELECT 'revisions', count(*) FROM revision;
INSERT INTO tally (name, n) SELECT 'severity ' || severity, count(*) FROM finding
	WHERE verdict IN ('none', 'confirmed') GROUP BY severity;
INSERT INTO tally (name, n) SELECT 'category ' || category, count(*) FROM finding
	WHERE verdict IN ('none', 'confirmed') GROUP BY category;
