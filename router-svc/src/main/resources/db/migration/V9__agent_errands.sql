-- What came of an errand, so that asking again is answered alike; and where an agent was forked from.
ALTER TABLE agent_command ADD COLUMN outcome bytea NOT NULL DEFAULT '';
ALTER TABLE agent ADD COLUMN forked_from uuid;
