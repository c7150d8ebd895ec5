-- Which workers a task prefers, by its key's number; 0 for none. A column with a constant default rewrites no row, and the
-- build before leaves it out when it writes.
SET LOCAL lock_timeout = '5s';

ALTER TABLE task ADD COLUMN affinity smallint NOT NULL DEFAULT 0;
ALTER TABLE task_old ADD COLUMN affinity smallint NOT NULL DEFAULT 0;

CREATE OR REPLACE VIEW every_task AS SELECT * FROM task UNION ALL SELECT * FROM task_old;
