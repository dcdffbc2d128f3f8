-- 001.sql - the first tables
--
-- Times are microseconds UTC. Text is masked: each secret replaced in place, same length, its keyed digest in `hit`.
-- Evidence segments, custody, campaigns and the outbox follow in later migrations.

CREATE TABLE source (
	id $ID,
	name $TEXT NOT NULL UNIQUE
);

-- How a source fares. `failure` is the class of the last failure of one of its start pages, NULL while they answer.
CREATE TABLE health (
	source_id $INT PRIMARY KEY REFERENCES source (id),
	failure $TEXT,
	detail $TEXT,
	failing_since $INT,
	last_attempt_at $INT NOT NULL,
	last_success_at $INT,
	fetched $INT NOT NULL DEFAULT 0,
	not_modified $INT NOT NULL DEFAULT 0,
	failed $INT NOT NULL DEFAULT 0,
	posts $INT NOT NULL DEFAULT 0
);

-- What failed on the way, a row for each class of failure: DNS, connect, TLS, HTTP, timeout, limit, denied, robots, content, quarantine.
CREATE TABLE trouble (
	source_id $INT NOT NULL REFERENCES source (id),
	class $TEXT NOT NULL,
	pages $INT NOT NULL,
	since $INT NOT NULL,
	last_at $INT NOT NULL,
	url $TEXT NOT NULL,
	detail $TEXT NOT NULL,
	PRIMARY KEY (source_id, class)
);

-- Every address we know of. due_at is NULL when it needs no further visit; while leased it is the end of the lease.
CREATE TABLE frontier (
	id $ID,
	source_id $INT NOT NULL REFERENCES source (id),
	kind $INT NOT NULL,
	depth $INT NOT NULL,
	start $INT NOT NULL,
	key $TEXT NOT NULL,
	url $TEXT NOT NULL,
	title $TEXT NOT NULL,
	due_at $INT,
	leased $INT NOT NULL DEFAULT 0,
	tries $INT NOT NULL DEFAULT 0,
	calm $INT NOT NULL DEFAULT 0,
	etag $TEXT,
	last_modified $TEXT,
	body_digest $BYTES,
	UNIQUE (source_id, key)
);
CREATE INDEX frontier_due ON frontier (source_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX frontier_leased ON frontier (id) WHERE leased = 1;

-- A host that asked for silence (Retry-After).
CREATE TABLE host (
	origin $TEXT PRIMARY KEY,
	silent_until $INT NOT NULL
);

-- A capture that ended its worker; it is not tried again before somebody looks.
CREATE TABLE quarantine (
	id $ID,
	source_id $INT NOT NULL REFERENCES source (id),
	frontier_id $INT NOT NULL REFERENCES frontier (id),
	at $INT NOT NULL,
	url $TEXT NOT NULL,
	reason $TEXT NOT NULL
);

-- What classified: assessments by an older one are out of date.
CREATE TABLE classifier (
	id $ID,
	rules $BYTES NOT NULL,
	assets $BYTES NOT NULL,
	program $TEXT NOT NULL,
	first_used_at $INT NOT NULL,
	UNIQUE (rules, assets, program)
);

CREATE TABLE post (
	id $ID,
	source_id $INT NOT NULL REFERENCES source (id),
	key $TEXT NOT NULL,
	url $TEXT NOT NULL,
	author $TEXT NOT NULL,
	title $TEXT NOT NULL,
	posted_at $INT,
	posted_precision $INT NOT NULL,
	posted_zone_known $INT NOT NULL,
	posted_raw $TEXT NOT NULL,
	first_seen $INT NOT NULL,
	last_seen $INT NOT NULL,
	UNIQUE (source_id, key)
);

-- The text a post had from first_seen to last_seen.
CREATE TABLE revision (
	id $ID,
	post_id $INT NOT NULL REFERENCES post (id),
	digest $BYTES NOT NULL,
	text $TEXT NOT NULL,
	first_seen $INT NOT NULL,
	last_seen $INT NOT NULL,
	classifier_id $INT NOT NULL REFERENCES classifier (id)
);
CREATE INDEX revision_post ON revision (post_id);

-- What the classifier said of a revision, where it said anything. Never changed.
CREATE TABLE assessment (
	id $ID,
	revision_id $INT NOT NULL REFERENCES revision (id),
	classifier_id $INT NOT NULL REFERENCES classifier (id),
	at $INT NOT NULL,
	violence $REAL NOT NULL,
	extortion $REAL NOT NULL,
	leak $REAL NOT NULL,
	dox $REAL NOT NULL
);
CREATE INDEX assessment_revision ON assessment (revision_id);

-- One match. Spans are bytes, end exclusive, of the revision's text for layer 0.
CREATE TABLE hit (
	id $ID,
	assessment_id $INT NOT NULL REFERENCES assessment (id),
	rule $TEXT NOT NULL,
	label $TEXT NOT NULL,
	layer $INT NOT NULL,
	start_at $INT NOT NULL,
	end_at $INT NOT NULL,
	masked $TEXT NOT NULL,
	confidence $INT NOT NULL,
	why $TEXT NOT NULL,
	asset $TEXT NOT NULL,
	secret_digest $BYTES
);
CREATE INDEX hit_assessment ON hit (assessment_id);
CREATE INDEX hit_secret ON hit (secret_digest) WHERE secret_digest IS NOT NULL;

CREATE TABLE part (
	assessment_id $INT NOT NULL REFERENCES assessment (id),
	position $INT NOT NULL,
	part $TEXT NOT NULL,
	layer $INT NOT NULL,
	start_at $INT NOT NULL,
	end_at $INT NOT NULL,
	PRIMARY KEY (assessment_id, position)
);

CREATE TABLE reason (
	assessment_id $INT NOT NULL REFERENCES assessment (id),
	position $INT NOT NULL,
	text $TEXT NOT NULL,
	PRIMARY KEY (assessment_id, position)
);

-- A post that matters.
CREATE TABLE finding (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	post_id $INT NOT NULL UNIQUE REFERENCES post (id),
	assessment_id $INT NOT NULL REFERENCES assessment (id),
	severity $INT NOT NULL,
	category $TEXT NOT NULL,
	asset $TEXT NOT NULL,
	verdict $TEXT NOT NULL DEFAULT 'none',
	found_at $INT NOT NULL,
	changed_at $INT NOT NULL
);
CREATE INDEX finding_severity ON finding (severity DESC, id DESC);

-- Why a finding has its severity, in words.
CREATE TABLE term (
	finding_id $INT NOT NULL REFERENCES finding (id),
	position $INT NOT NULL,
	text $TEXT NOT NULL,
	PRIMARY KEY (finding_id, position)
);

CREATE TABLE verdict (
	id $ID,
	finding_id $INT NOT NULL REFERENCES finding (id),
	verdict $TEXT NOT NULL,
	operator $TEXT NOT NULL,
	note $TEXT NOT NULL,
	at $INT NOT NULL
);
CREATE INDEX verdict_finding ON verdict (finding_id);

-- Revisions that full text does not know yet.
CREATE TABLE index_queue (
	revision_id $INT PRIMARY KEY REFERENCES revision (id)
);

CREATE TABLE round (
	id $ID,
	started_at $INT NOT NULL,
	ended_at $INT NOT NULL,
	fetched $INT NOT NULL,
	not_modified $INT NOT NULL,
	failed $INT NOT NULL,
	posts $INT NOT NULL,
	revisions $INT NOT NULL,
	findings $INT NOT NULL
);
