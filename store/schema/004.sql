-- 004.sql - who is told of what: subscriptions, what each was told of each campaign, what may not be sent or used again

-- Who wants which findings how. origin: file, with its place among the file's for the same recipient; store. terms: an object
-- of JSON with the keys that an entry of the file has. state: asked, until the subscriber has confirmed it; active; left;
-- withdrawn, when the file does not name it any more. changes: how often the row was written, to notice by.
CREATE TABLE subscription (
	id $ID,
	public_id $TEXT NOT NULL UNIQUE,
	origin $TEXT NOT NULL,
	recipient $TEXT NOT NULL,
	position $INT NOT NULL,
	terms $TEXT NOT NULL,
	state $TEXT NOT NULL,
	operator $TEXT NOT NULL,
	changes $INT NOT NULL,
	made_at $INT NOT NULL,
	changed_at $INT NOT NULL
);
CREATE UNIQUE INDEX subscription_file ON subscription (recipient, position) WHERE origin = 'file';

-- What a subscriber was told of a campaign: by which finding, how severe, in how many mails, and how many findings came since.
-- held_until: when it is told, or told again; NULL when nothing waits. held_why: digest, quiet, ceiling.
CREATE TABLE told (
	subscription_id $INT NOT NULL REFERENCES subscription (id),
	campaign_id $INT NOT NULL REFERENCES campaign (id),
	finding_id $INT NOT NULL REFERENCES finding (id),
	severity $INT NOT NULL,
	step $INT NOT NULL,
	repeats $INT NOT NULL,
	at $INT NOT NULL,
	held_until $INT,
	held_why $TEXT NOT NULL,
	PRIMARY KEY (subscription_id, campaign_id)
);
CREATE INDEX told_held ON told (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX told_repeats ON told (subscription_id) WHERE repeats > 0;
CREATE INDEX told_campaign ON told (campaign_id);

-- An address that nothing is sent to, and why: its mail came back for good.
CREATE TABLE suspended (
	recipient $TEXT PRIMARY KEY,
	reason $TEXT NOT NULL,
	at $INT NOT NULL
);

-- Tokens that were used, by their keyed digest: none works twice.
CREATE TABLE spent_token (
	token $BYTES PRIMARY KEY,
	at $INT NOT NULL
);

-- For whom a message is, what it is about, and its number among those: made once, whatever dies in between. A message
-- without a topic may repeat. Besides waiting, sent and dead there is: silenced, by a verdict before it went.
ALTER TABLE outbox ADD COLUMN subscription_id $INT REFERENCES subscription (id);
ALTER TABLE outbox ADD COLUMN campaign_id $INT REFERENCES campaign (id);
ALTER TABLE outbox ADD COLUMN topic $TEXT;
ALTER TABLE outbox ADD COLUMN step $INT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX outbox_once ON outbox (coalesce(subscription_id, 0), recipient, topic, step) WHERE topic IS NOT NULL;
CREATE INDEX outbox_recipient ON outbox (recipient, made_at);
CREATE INDEX outbox_finding ON outbox (finding_id) WHERE state = 'waiting' AND finding_id IS NOT NULL;
