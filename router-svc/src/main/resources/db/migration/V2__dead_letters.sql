-- Dead letters can be redriven and purged. The row stays until the task's own retention, since the task's problem is
-- read from it; settled says that it lies in the queue no more: redriven as another task, or purged.
-- New columns without a default cost no rewrite; the table holds failures alone, so its indexes are made in moments.
SET LOCAL lock_timeout = '5s';

ALTER TABLE dead_letter ADD COLUMN settled timestamptz, ADD COLUMN redriven_as uuid;

CREATE INDEX dead_letter_in_queue ON dead_letter (tenant, ended, task) WHERE settled IS NULL;
CREATE INDEX dead_letter_by_end ON dead_letter (tenant, ended, task);
CREATE UNIQUE INDEX dead_letter_by_redrive ON dead_letter (redriven_as) WHERE redriven_as IS NOT NULL;
DROP INDEX dead_letter_by_tenant;
