-- The pools as people and the configuration want them.
CREATE TABLE pool (
  cell            integer     NOT NULL,
  name            text        NOT NULL,
  desired         integer     NOT NULL,
  -- What the configuration wished for when it was last read: another wish beats desired, the same does not.
  configured      integer     NOT NULL,
  -- Grows with every change.
  revision        bigint      NOT NULL,
  -- Workers that died soon after their start, in a row, and the last of them: the pause before the next start.
  fast_deaths     integer     NOT NULL,
  last_fast_death timestamptz NOT NULL,
  PRIMARY KEY (cell, name)
);

-- One row a life of a worker; ended ones are kept for a while.
CREATE TABLE instance (
  id         text        PRIMARY KEY,
  cell       integer     NOT NULL,
  pool       text        NOT NULL,
  worker     text        NOT NULL,
  worker_id  text        NOT NULL,  -- empty: not yet seen by the registry
  handle     text        NOT NULL,  -- empty: the machine was not yet seen
  born_at    timestamptz NOT NULL,
  state      text        NOT NULL,
  since      timestamptz NOT NULL,
  -- The deadline of DRAINING, the end of patience of STOPPING.
  until      timestamptz,
  detail     text        NOT NULL
) WITH (fillfactor = 70);

-- A name is borne by one live instance at a time.
CREATE UNIQUE INDEX instance_live ON instance (cell, pool, worker) WHERE state <> 'ENDED';
CREATE INDEX instance_ended ON instance (cell, since) WHERE state = 'ENDED';

-- What the scaler did, and why; only ever added to, and deleted when old.
CREATE TABLE scaling_action (
  id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cell   integer     NOT NULL,
  pool   text        NOT NULL,
  kind   text        NOT NULL,
  worker text        NOT NULL,
  reason text        NOT NULL,
  acted_at timestamptz NOT NULL
);
CREATE INDEX scaling_action_by_pool ON scaling_action (cell, pool, id);
CREATE INDEX scaling_action_by_time ON scaling_action (cell, acted_at);
