-- What attempts have used of models, as their commands said: totals since each began, written now and then while it runs
-- and with its end. Rows are few and small, so they lie in one table whatever the task's day.
CREATE TABLE token_use (
  task    uuid NOT NULL,
  number  integer NOT NULL,
  model   text NOT NULL,
  input   bigint NOT NULL CHECK (input >= 0),
  output  bigint NOT NULL CHECK (output >= 0),
  updated timestamptz NOT NULL,
  PRIMARY KEY (task, number, model)
) WITH (fillfactor = 70);
