-- 006.sql - what else a finding is asked for by

-- The language of its text, ISO 639-1; empty where it cannot be told.
ALTER TABLE finding ADD COLUMN language $TEXT NOT NULL DEFAULT '';
