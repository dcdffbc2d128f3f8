-- 008.sql - findings by source

-- Whose post it is, as the post itself says: so that the findings of a source are found without a look at its posts.
ALTER TABLE finding ADD COLUMN source_id $INT REFERENCES source (id);
UPDATE finding SET source_id = (SELECT source_id FROM post WHERE post.id = post_id);

-- The newest of a source, and how many there were since when; what is left out of it is told by the index alone.
CREATE INDEX finding_source ON finding (source_id, found_at, id, severity, verdict);

-- What a shift works through of one source: the most severe first. What it is filtered by stands behind.
CREATE INDEX finding_source_queue ON finding (source_id, severity DESC, id, verdict, category, asset);
