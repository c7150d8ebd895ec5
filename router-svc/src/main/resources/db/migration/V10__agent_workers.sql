-- Which workers have an agent's files: those where its last bodies ran, at most three, the last one first.
ALTER TABLE agent ADD COLUMN ran_on uuid[] NOT NULL DEFAULT '{}';
