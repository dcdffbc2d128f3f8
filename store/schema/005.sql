-- 005.sql - who has to answer: findings on duty, whom they asked, hand-overs, and what was said of the watch itself

-- A finding that somebody has to acknowledge. lead_id: the finding of the same campaign that was asked about, itself where it
-- is the first; who answers for that one answers for all. due_at: when the next of the roster is asked, NULL once somebody
-- has answered, and for those that are not asked about. how: command, mail, verdict, campaign.
CREATE TABLE duty (
	finding_id $INT PRIMARY KEY REFERENCES finding (id),
	lead_id $INT NOT NULL REFERENCES finding (id),
	campaign_id $INT REFERENCES campaign (id),
	severity $INT NOT NULL,
	opened_at $INT NOT NULL,
	due_at $INT,
	holder $TEXT NOT NULL,
	held_since $INT,
	acknowledged_at $INT,
	acknowledged_by $TEXT NOT NULL,
	how $TEXT NOT NULL
);
CREATE INDEX duty_due ON duty (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX duty_waiting ON duty (severity DESC, finding_id) WHERE acknowledged_at IS NULL;
CREATE INDEX duty_lead ON duty (lead_id);
CREATE INDEX duty_campaign ON duty (campaign_id) WHERE finding_id = lead_id;
CREATE INDEX duty_opened ON duty (opened_at);

-- Who of the roster was asked, in this order, by which message; NULL where there was no use in sending one.
CREATE TABLE duty_step (
	finding_id $INT NOT NULL REFERENCES finding (id),
	step $INT NOT NULL,
	name $TEXT NOT NULL,
	outbox_id $INT REFERENCES outbox (id),
	at $INT NOT NULL,
	PRIMARY KEY (finding_id, step)
);
CREATE INDEX duty_step_outbox ON duty_step (outbox_id);

-- One shift went, the next came.
CREATE TABLE handover (
	id $ID,
	at $INT NOT NULL,
	operator $TEXT NOT NULL
);

-- What is not well with the watch itself, by its name: since when, when it was told last. The row goes when it is well again.
CREATE TABLE concern (
	name $TEXT PRIMARY KEY,
	words $TEXT NOT NULL,
	since $INT NOT NULL,
	told_at $INT NOT NULL
);

-- Answers that did nothing, counted by why: forged, expired, used, unknown.
CREATE TABLE refused_answer (
	why $TEXT PRIMARY KEY,
	n $INT NOT NULL,
	last_at $INT NOT NULL
);

CREATE INDEX round_ended ON round (ended_at);
CREATE INDEX outbox_dead ON outbox (ended_at) WHERE state = 'dead';
