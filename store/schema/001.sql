-- 001.sql - the first tables
--
-- Times are microseconds UTC. Text is masked: each secret replaced in place, same length, its keyed digest in `hit`.
-- Evidence segments, custody, campaigns and the outbox follow in later migrations.

CREATE TABLE source (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);

-- How a source fares. `failure` is the class of the last failure of one of its start pages, NULL while they answer.
CREATE TABLE health (
	source_id INTEGER PRIMARY KEY REFERENCES source (id),
	failure TEXT,
	detail TEXT,
	failing_since INTEGER,
	last_attempt_at INTEGER NOT NULL,
	last_success_at INTEGER,
	fetched INTEGER NOT NULL DEFAULT 0,
	not_modified INTEGER NOT NULL DEFAULT 0,
	failed INTEGER NOT NULL DEFAULT 0,
	posts INTEGER NOT NULL DEFAULT 0
);

-- What failed on the way, a row for each class of failure: DNS, connect, TLS, HTTP, timeout, limit, denied, robots, content, quarantine.
CREATE TABLE trouble (
	source_id INTEGER NOT NULL REFERENCES source (id),
	class TEXT NOT NULL,
	pages INTEGER NOT NULL,
	since INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	url TEXT NOT NULL,
	detail TEXT NOT NULL,
	PRIMARY KEY (source_id, class)
);

-- Every address we know of. due_at is NULL when it needs no further visit; while leased it is the end of the lease.
CREATE TABLE frontier (
	id INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES source (id),
	kind INTEGER NOT NULL,
	depth INTEGER NOT NULL,
	start INTEGER NOT NULL,
	key TEXT NOT NULL,
	url TEXT NOT NULL,
	title TEXT NOT NULL,
	due_at INTEGER,
	leased INTEGER NOT NULL DEFAULT 0,
	tries INTEGER NOT NULL DEFAULT 0,
	calm INTEGER NOT NULL DEFAULT 0,
	etag TEXT,
	last_modified TEXT,
	body_digest BLOB,
	UNIQUE (source_id, key)
);
CREATE INDEX frontier_due ON frontier (source_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX frontier_leased ON frontier (id) WHERE leased = 1;

-- A host that asked for silence (Retry-After).
CREATE TABLE host (
	origin TEXT PRIMARY KEY,
	silent_until INTEGER NOT NULL
);

-- A capture that ended its worker; it is not tried again before somebody looks.
CREATE TABLE quarantine (
	id INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES source (id),
	frontier_id INTEGER NOT NULL REFERENCES frontier (id),
	at INTEGER NOT NULL,
	url TEXT NOT NULL,
	reason TEXT NOT NULL
);

-- What classified: assessments by an older one are out of date.
CREATE TABLE classifier (
	id INTEGER PRIMARY KEY,
	rules BLOB NOT NULL,
	assets BLOB NOT NULL,
	program TEXT NOT NULL,
	first_used_at INTEGER NOT NULL,
	UNIQUE (rules, assets, program)
);

CREATE TABLE post (
	id INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES source (id),
	key TEXT NOT NULL,
	url TEXT NOT NULL,
	author TEXT NOT NULL,
	title TEXT NOT NULL,
	posted_at INTEGER,
	posted_precision INTEGER NOT NULL,
	posted_zone_known INTEGER NOT NULL,
	posted_raw TEXT NOT NULL,
	first_seen INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	UNIQUE (source_id, key)
);

-- The text a post had from first_seen to last_seen.
CREATE TABLE revision (
	id INTEGER PRIMARY KEY,
	post_id INTEGER NOT NULL REFERENCES post (id),
	digest BLOB NOT NULL,
	text TEXT NOT NULL,
	first_seen INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	classifier_id INTEGER NOT NULL REFERENCES classifier (id)
);
CREATE INDEX revision_post ON revision (post_id);

-- What the classifier said of a revision, where it said anything. Never changed.
CREATE TABLE assessment (
	id INTEGER PRIMARY KEY,
	revision_id INTEGER NOT NULL REFERENCES revision (id),
	classifier_id INTEGER NOT NULL REFERENCES classifier (id),
	at INTEGER NOT NULL,
	violence REAL NOT NULL,
	extortion REAL NOT NULL,
	leak REAL NOT NULL,
	dox REAL NOT NULL
);
CREATE INDEX assessment_revision ON assessment (revision_id);

-- One match. Spans are bytes, end exclusive, of the revision's text for layer 0.
CREATE TABLE hit (
	id INTEGER PRIMARY KEY,
	assessment_id INTEGER NOT NULL REFERENCES assessment (id),
	rule TEXT NOT NULL,
	label TEXT NOT NULL,
	layer INTEGER NOT NULL,
	start_at INTEGER NOT NULL,
	end_at INTEGER NOT NULL,
	masked TEXT NOT NULL,
	confidence INTEGER NOT NULL,
	why TEXT NOT NULL,
	asset TEXT NOT NULL,
	secret_digest BLOB
);
CREATE INDEX hit_assessment ON hit (assessment_id);
CREATE INDEX hit_secret ON hit (secret_digest) WHERE secret_digest IS NOT NULL;

CREATE TABLE part (
	assessment_id INTEGER NOT NULL REFERENCES assessment (id),
	position INTEGER NOT NULL,
	part TEXT NOT NULL,
	layer INTEGER NOT NULL,
	start_at INTEGER NOT NULL,
	end_at INTEGER NOT NULL,
	PRIMARY KEY (assessment_id, position)
);

CREATE TABLE reason (
	assessment_id INTEGER NOT NULL REFERENCES assessment (id),
	position INTEGER NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (assessment_id, position)
);

-- A post that matters.
CREATE TABLE finding (
	id INTEGER PRIMARY KEY,
	public_id TEXT NOT NULL UNIQUE,
	post_id INTEGER NOT NULL UNIQUE REFERENCES post (id),
	assessment_id INTEGER NOT NULL REFERENCES assessment (id),
	severity INTEGER NOT NULL,
	category TEXT NOT NULL,
	asset TEXT NOT NULL,
	verdict TEXT NOT NULL DEFAULT 'none',
	found_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL
);
CREATE INDEX finding_severity ON finding (severity DESC, id DESC);

-- Why a finding has its severity, in words.
CREATE TABLE term (
	finding_id INTEGER NOT NULL REFERENCES finding (id),
	position INTEGER NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (finding_id, position)
);

CREATE TABLE verdict (
	id INTEGER PRIMARY KEY,
	finding_id INTEGER NOT NULL REFERENCES finding (id),
	verdict TEXT NOT NULL,
	operator TEXT NOT NULL,
	note TEXT NOT NULL,
	at INTEGER NOT NULL
);
CREATE INDEX verdict_finding ON verdict (finding_id);

-- Revisions that full text does not know yet.
CREATE TABLE index_queue (
	revision_id INTEGER PRIMARY KEY REFERENCES revision (id)
);

CREATE TABLE round (
	id INTEGER PRIMARY KEY,
	started_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL,
	fetched INTEGER NOT NULL,
	not_modified INTEGER NOT NULL,
	failed INTEGER NOT NULL,
	posts INTEGER NOT NULL,
	revisions INTEGER NOT NULL,
	findings INTEGER NOT NULL
);
