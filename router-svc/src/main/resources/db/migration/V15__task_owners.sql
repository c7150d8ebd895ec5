-- Whose a task is, of its tenant; empty for nobody's. It stands in the spec, too, but that may be long, and a takeover asks for
-- this of all that runs. Of rows from before it is not known. A column with a constant default rewrites no row, and the build
-- before leaves it out when it writes.
SET LOCAL lock_timeout = '5s';

ALTER TABLE task_spec ADD COLUMN owner text NOT NULL DEFAULT '';
ALTER TABLE task_spec_old ADD COLUMN owner text NOT NULL DEFAULT '';

CREATE OR REPLACE VIEW every_spec AS SELECT * FROM task_spec UNION ALL SELECT * FROM task_spec_old;

-- A split that is undone: the shard's users leave it, and when none is left the row goes.
ALTER TABLE shard ADD COLUMN ended boolean NOT NULL DEFAULT false;
