-- 007.sql - takedowns from the first notice to gone, and again: who speaks, what was written, who stood for it, what came of it

-- A takedown of all of a campaign, opened from its worst finding; and the grounds by their names of today.
ALTER TABLE takedown ADD COLUMN campaign_id $INT REFERENCES campaign (id);
CREATE INDEX takedown_campaign ON takedown (campaign_id);
UPDATE takedown SET grounds = CASE WHEN grounds = 'dmca' THEN 'copyright' WHEN grounds = 'gdpr' THEN 'personal-data' ELSE
	(SELECT CASE category WHEN 'dox' THEN 'personal-data' WHEN 'leak' THEN 'credentials' ELSE 'threat' END
	 FROM finding WHERE finding.id = takedown.finding_id) END;

-- What the notices of a case say that no finding knows: claimant, work, signatory ... by the names of a notice's elements.
CREATE TABLE takedown_fact (
	takedown_id $INT NOT NULL REFERENCES takedown (id),
	name $TEXT NOT NULL,
	value $TEXT NOT NULL,
	operator_id $INT NOT NULL REFERENCES operator (id),
	at $INT NOT NULL,
	PRIMARY KEY (takedown_id, name)
);
CREATE TABLE takedown_note (
	id $ID,
	takedown_id $INT NOT NULL REFERENCES takedown (id),
	operator_id $INT NOT NULL REFERENCES operator (id),
	at $INT NOT NULL,
	note $TEXT NOT NULL
);
CREATE INDEX takedown_note_takedown ON takedown_note (takedown_id);

-- Whose text stands at a target (NULL: that of the case's finding), the host that serves it, when it was asked for first, when
-- it was gone last, and how often it came back.
ALTER TABLE takedown_target ADD COLUMN finding_id $INT REFERENCES finding (id);
ALTER TABLE takedown_target ADD COLUMN host $TEXT NOT NULL DEFAULT '';
ALTER TABLE takedown_target ADD COLUMN sent_at $INT;
ALTER TABLE takedown_target ADD COLUMN gone_at $INT;
ALTER TABLE takedown_target ADD COLUMN returns $INT NOT NULL DEFAULT 0;
CREATE INDEX takedown_target_finding ON takedown_target (finding_id);

-- The address that a target is looked at by: targets on one page have one.
ALTER TABLE takedown_target ADD COLUMN frontier_id $INT REFERENCES frontier (id);
CREATE INDEX takedown_target_frontier ON takedown_target (frontier_id);

-- A look at a target. result: there, gone, unclear; how: what showed it, in words. capture_id and evidence_id: its proof.
-- Looks in a row that see the same are two rows: the first, and the last, which stands for all the others (looks).
CREATE TABLE takedown_check (
	id $ID,
	target_id $INT NOT NULL REFERENCES takedown_target (id),
	at $INT NOT NULL,
	result $TEXT NOT NULL,
	how $TEXT NOT NULL,
	status $INT NOT NULL,
	looks $INT NOT NULL,
	capture_id $INT REFERENCES capture (id),
	evidence_id $INT REFERENCES evidence (id)
);
CREATE INDEX takedown_check_target ON takedown_check (target_id);
CREATE INDEX takedown_check_evidence ON takedown_check (evidence_id) WHERE evidence_id IS NOT NULL;

-- Who may be written to about a host. role: site, network, registrar, registry, cdn; origin: card, rdap, security.txt, rfc2142.
CREATE TABLE host_contact (
	id $ID,
	host $TEXT NOT NULL,
	role $TEXT NOT NULL,
	address $TEXT NOT NULL,
	origin $TEXT NOT NULL,
	why $TEXT NOT NULL,
	place $INT NOT NULL,
	found_at $INT NOT NULL,
	UNIQUE (host, role, address, origin)
);

-- A notice. way: mail, form, post; state: draft, approved, sent, dead. digest: SHA-256 of what is approved, recipient, subject
-- and text. basis: the assessment and evidence that it was written on, as JSON.
CREATE TABLE notice (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	takedown_id $INT NOT NULL REFERENCES takedown (id),
	template $TEXT NOT NULL,
	language $TEXT NOT NULL,
	way $TEXT NOT NULL,
	recipient $TEXT NOT NULL,
	subject $TEXT NOT NULL,
	content $TEXT NOT NULL,
	state $TEXT NOT NULL,
	digest $BYTES NOT NULL,
	basis $TEXT NOT NULL,
	operator_id $INT NOT NULL REFERENCES operator (id),
	made_at $INT NOT NULL,
	changed_at $INT NOT NULL,
	outbox_id $INT REFERENCES outbox (id),
	sent_at $INT
);
CREATE INDEX notice_takedown ON notice (takedown_id);
CREATE INDEX notice_outbox ON notice (outbox_id);
CREATE TABLE notice_target (
	notice_id $INT NOT NULL REFERENCES notice (id),
	target_id $INT NOT NULL REFERENCES takedown_target (id),
	PRIMARY KEY (notice_id, target_id)
);
CREATE INDEX notice_target_target ON notice_target (target_id);
-- Who stands for it, as it was then (digest); public_key: of the signature in custody, empty without one.
CREATE TABLE notice_approval (
	id $ID,
	notice_id $INT NOT NULL REFERENCES notice (id),
	operator_id $INT NOT NULL REFERENCES operator (id),
	public_key $BYTES NOT NULL,
	digest $BYTES NOT NULL,
	at $INT NOT NULL,
	UNIQUE (notice_id, operator_id, digest)
);
-- What the other side said of it. kind: receipt, answer, refused, failed; message: the Message-ID of the answer, so that the
-- same is kept once. content is masked and cut.
CREATE TABLE notice_answer (
	id $ID,
	notice_id $INT NOT NULL REFERENCES notice (id),
	at $INT NOT NULL,
	kind $TEXT NOT NULL,
	sender $TEXT NOT NULL,
	message $TEXT NOT NULL,
	content $TEXT NOT NULL,
	UNIQUE (notice_id, message)
);

-- Visits to a source's own addresses in the six hours from `at`: how many were answered, and how many were not.
CREATE TABLE coverage (
	source_id $INT NOT NULL REFERENCES source (id),
	at $INT NOT NULL,
	answered $INT NOT NULL,
	failed $INT NOT NULL,
	PRIMARY KEY (source_id, at)
);
INSERT INTO coverage (source_id, at, answered, failed)
	SELECT source_id, at / 21600000000 * 21600000000, count(*), 0 FROM poll GROUP BY source_id, at / 21600000000;

-- What the report counts and lists, newest first; what is left out of it is told by the index alone.
CREATE INDEX finding_found ON finding (found_at, severity, verdict, asset, category);
CREATE INDEX finding_asset ON finding (asset, id, severity, verdict, found_at);
CREATE INDEX finding_category ON finding (category, id, severity, verdict);

-- What was purged, without going along all of the chain.
CREATE INDEX custody_purge ON custody (node_id, sequence) WHERE act = 'purge';
