-- One row a worker for its whole life: what outlives the registry's memory. Live load is not here.
-- The profile is the truth; name, kind and region repeat it for people who query.
CREATE TABLE worker (
  id                  text        PRIMARY KEY,
  cell                integer     NOT NULL,
  name                text        NOT NULL,
  kind                text        NOT NULL,
  region              text        NOT NULL,
  incarnation         bigint      NOT NULL,
  profile             text        NOT NULL CHECK (profile::jsonb IS NOT NULL),
  registered_at       timestamptz NOT NULL,
  last_seen_at        timestamptz NOT NULL,
  succeeded           bigint      NOT NULL,
  failed              bigint      NOT NULL,
  busy_micros         bigint      NOT NULL,
  cost_micros         bigint      NOT NULL,
  -- The last total of the newest incarnation that is already in the four above.
  counted_incarnation bigint      NOT NULL,
  counted_succeeded   bigint      NOT NULL,
  counted_failed      bigint      NOT NULL,
  counted_busy_micros bigint      NOT NULL,
  counted_cost_micros bigint      NOT NULL
) WITH (fillfactor = 70);

-- No column that statistics change is indexed, so that their updates stay on the page (HOT).
CREATE INDEX worker_by_cell ON worker (cell);
