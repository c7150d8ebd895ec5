-- Who was there when, for replays: a row for each change of a worker's presence, profile or capacity, and every 12 hours
-- one for each worker that is there, so that no older day has to be read. Written about a second after the change, never
-- by a task. presence: 1 there, 2 draining, 3 gone; profile as in the code, null when it is gone.
CREATE TABLE worker_history (
  at       timestamptz NOT NULL,
  worker   uuid NOT NULL,
  day      date NOT NULL,
  presence smallint NOT NULL,
  profile  bytea,
  PRIMARY KEY (at, worker, day)
) PARTITION BY RANGE (day);

CREATE OR REPLACE FUNCTION ensure_partitions(p_ahead integer) RETURNS void
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
    FOREACH v_table IN ARRAY ARRAY['request_key', 'event_log', 'decision', 'shape_wait', 'worker_history'] LOOP
      PERFORM ensure_partition(v_table, v_day, v_day::text, (v_day + 1)::text, '');
    END LOOP;
  END LOOP;
END
$$;
