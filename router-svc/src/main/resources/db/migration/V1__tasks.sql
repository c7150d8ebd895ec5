-- The cell's tables. Rules: no index contains or is conditioned on a state, so that state changes stay HOT; what grows is
-- partitioned by day (UTC) and dropped by day. Tables named by a task's id go by the day in the id; those named by a
-- commit go by the day of the commit. Partitions are named <table>_<yyyymmdd> and made ahead by ensure_partitions.

-- The counters after the last commit. Commits are numbered without gaps.
CREATE TABLE cell_head (
  cell        integer PRIMARY KEY,
  last_commit bigint NOT NULL,
  seq         bigint NOT NULL,
  fence       bigint NOT NULL,
  shape       integer NOT NULL,
  commit_time timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Where a takeover looks for open tasks: these minutes of ids, and all from read_from on.
CREATE TABLE open_bucket (
  cell      integer PRIMARY KEY,
  minutes   integer[] NOT NULL,
  read_from bigint NOT NULL,
  stored    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- The hot row. attempt, worker and fence are the current or last attempt's; started is when that one was leased.
CREATE TABLE task (
  id             uuid NOT NULL PRIMARY KEY,
  worker         uuid,
  seq            bigint NOT NULL,
  retry          bigint NOT NULL,
  not_before     bigint NOT NULL,
  expires        bigint NOT NULL,
  fence          bigint NOT NULL,
  last_commit    bigint NOT NULL,
  updated        timestamptz NOT NULL,
  started        timestamptz,
  shape          integer NOT NULL,
  attempt        integer NOT NULL,
  result_attempt integer NOT NULL,
  state          smallint NOT NULL,
  class          smallint NOT NULL,
  failures       smallint NOT NULL,
  losses         smallint NOT NULL,
  tenant         text NOT NULL
) PARTITION BY RANGE (id);

-- The immutable part.
CREATE TABLE task_spec (
  id          uuid NOT NULL PRIMARY KEY,
  created     timestamptz NOT NULL,
  tenant      text NOT NULL,
  principal   text NOT NULL,
  traceparent text NOT NULL,
  spec        bytea NOT NULL
) PARTITION BY RANGE (id);
CREATE INDEX task_spec_by_tenant ON task_spec (tenant, id);

-- Attempts that ended otherwise than by success.
CREATE TABLE attempt (
  task     uuid NOT NULL,
  number   integer NOT NULL,
  worker   uuid NOT NULL,
  fence    bigint NOT NULL,
  state    smallint NOT NULL,
  started  timestamptz NOT NULL,
  ended    timestamptz NOT NULL,
  code     integer NOT NULL,
  reason   text NOT NULL,
  message  text NOT NULL,
  metadata bytea NOT NULL,
  result   bytea,
  PRIMARY KEY (task, number)
) PARTITION BY RANGE (task);

-- The accepted result of a task that succeeded.
CREATE TABLE result (
  task    uuid NOT NULL PRIMARY KEY,
  attempt integer NOT NULL,
  body    bytea NOT NULL,
  stored  timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (task);

-- What is still open after two days moves here, with what belongs to it, so that its day can be dropped.
CREATE TABLE task_old (LIKE task INCLUDING ALL) WITH (fillfactor = 50);
CREATE TABLE task_spec_old (LIKE task_spec INCLUDING ALL);
CREATE TABLE attempt_old (LIKE attempt INCLUDING ALL);
CREATE TABLE result_old (LIKE result INCLUDING ALL);

CREATE TABLE dead_letter (
  task     uuid NOT NULL PRIMARY KEY,
  tenant   text NOT NULL,
  ended    timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL,
  code     integer NOT NULL,
  reason   text NOT NULL,
  message  text NOT NULL,
  metadata bytea NOT NULL
);
CREATE INDEX dead_letter_by_tenant ON dead_letter (tenant, task);

-- Idempotency keys by the day of their first use; valid for 24 hours.
CREATE TABLE request_key (
  tenant     text NOT NULL,
  request_id text NOT NULL,
  day        date NOT NULL,
  used       timestamptz NOT NULL,
  task       uuid NOT NULL,
  digest     bytea NOT NULL,
  PRIMARY KEY (tenant, request_id, day)
) PARTITION BY RANGE (day);

-- One row per commit and tenant; the body is what the commit changed, in order (see EventCodec).
CREATE TABLE event_log (
  commit bigint NOT NULL,
  tenant text NOT NULL,
  day    date NOT NULL,
  at     timestamptz NOT NULL,
  body   bytea NOT NULL,
  PRIMARY KEY (commit, tenant, day)
) PARTITION BY RANGE (day);
ALTER TABLE event_log ALTER COLUMN body SET STORAGE EXTERNAL;

-- One row per lease commit and tenant.
CREATE TABLE decision (
  commit bigint NOT NULL,
  tenant text NOT NULL,
  day    date NOT NULL,
  at     timestamptz NOT NULL,
  body   bytea NOT NULL,
  PRIMARY KEY (commit, tenant, day)
) PARTITION BY RANGE (day);

-- Why tasks of a shape wait, whenever the reasons changed.
CREATE TABLE shape_wait (
  shape  integer NOT NULL,
  commit bigint NOT NULL,
  day    date NOT NULL,
  at     timestamptz NOT NULL,
  tenant text NOT NULL,
  body   bytea NOT NULL,
  PRIMARY KEY (shape, commit, day)
) PARTITION BY RANGE (day);

CREATE TABLE shape (
  id         integer PRIMARY KEY,
  tenant     text NOT NULL,
  definition bytea NOT NULL
);

CREATE TABLE worker_drain (
  worker   uuid PRIMARY KEY,
  deadline bigint NOT NULL,
  stage    smallint NOT NULL,
  updated  timestamptz NOT NULL
);

-- Versioned, audited policies; what used one names its version.
CREATE TABLE policy (
  kind    text NOT NULL,
  name    text NOT NULL,
  version integer NOT NULL,
  body    jsonb NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  author  text NOT NULL,
  PRIMARY KEY (kind, name, version)
);
INSERT INTO policy (kind, name, version, body, author) VALUES
  ('weights', 'standard', 1, '{"capability": 0.4, "load": 0.3, "latency": 0.2, "cost": 0.1}', 'weft');

-- The placer's statements count what they change; a wrong count undoes the whole commit.
CREATE FUNCTION require_count(p_what text, p_found bigint, p_expected bigint) RETURNS void
  LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF p_found <> p_expected THEN
    RAISE EXCEPTION '% rows as the placer knows them: % (expected: %)', p_what, p_found, p_expected
      USING ERRCODE = 'WF003';
  END IF;
END
$$;

-- The least id whose time is this day's midnight or later.
CREATE FUNCTION first_id_of(p_day date) RETURNS uuid
  LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM p_day::timestamp) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

CREATE FUNCTION partition_name(p_table text, p_day date) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$ SELECT p_table || '_' || to_char(p_day, 'YYYYMMDD') $$;

-- Makes one day of one table if it is missing. It is made apart and then attached, since that lets writers go on.
CREATE FUNCTION ensure_partition(p_table text, p_day date, p_from text, p_to text, p_options text) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_name text := partition_name(p_table, p_day);
BEGIN
  IF to_regclass(v_name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) %s', v_name, p_table, p_options);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', p_table, v_name, p_from, p_to);
END
$$;

-- Makes yesterday's to p_ahead days' partitions. Several may call it at once.
CREATE FUNCTION ensure_partitions(p_ahead integer) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_today date := (now() AT TIME ZONE 'UTC')::date;
  v_day date;
  v_table text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('weft/partitions/' || current_schema(), 0));
  FOR v_day IN SELECT generate_series(v_today - 1, v_today + p_ahead, interval '1 day')::date LOOP
    FOREACH v_table IN ARRAY ARRAY['task', 'task_spec', 'attempt', 'result'] LOOP
      PERFORM ensure_partition(v_table, v_day, first_id_of(v_day)::text, first_id_of(v_day + 1)::text,
        CASE v_table WHEN 'task' THEN 'WITH (fillfactor = 50)' ELSE '' END);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['request_key', 'event_log', 'decision', 'shape_wait'] LOOP
      PERFORM ensure_partition(v_table, v_day, v_day::text, (v_day + 1)::text, '');
    END LOOP;
  END LOOP;
END
$$;

-- For reads: a task that has moved is found in its twin.
CREATE VIEW every_task AS SELECT * FROM task UNION ALL SELECT * FROM task_old;
CREATE VIEW every_spec AS SELECT * FROM task_spec UNION ALL SELECT * FROM task_spec_old;
CREATE VIEW every_attempt AS SELECT * FROM attempt UNION ALL SELECT * FROM attempt_old;
CREATE VIEW every_result AS SELECT * FROM result UNION ALL SELECT * FROM result_old;
