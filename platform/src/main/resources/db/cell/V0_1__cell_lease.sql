-- One writer to a cell: the lease's row, and the guard that every writing transaction of the cell starts with.
-- Used by each service that has one active replica, in that service's own schema.

CREATE TABLE cell_lease (
  cell    integer NOT NULL,
  role    text    NOT NULL,
  epoch   bigint  NOT NULL,
  holder  text    NOT NULL,  -- empty: free
  address text    NOT NULL,
  beat    bigint  NOT NULL,
  PRIMARY KEY (cell, role)
) WITH (fillfactor = 50);

CREATE FUNCTION cell_lock_key(p_cell integer, p_role text) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN hashtextextended('weft/cell_lease/' || p_role || '/' || p_cell::text, 0);

-- Must be a statement of its own, the first of a READ COMMITTED transaction. The shared lock makes a takeover wait for
-- the end of this transaction; the epoch is read after the lock was got, and, as the function is VOLATILE, in a snapshot
-- taken then. So whoever passes may write until its commit, and whoever comes after a takeover is refused.
CREATE FUNCTION guard(p_cell integer, p_role text, p_epoch bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_epoch bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(cell_lock_key(p_cell, p_role));
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'guard of cell % % under isolation: % (expected: read committed)',
      p_cell, p_role, current_setting('transaction_isolation') USING ERRCODE = 'WF002';
  END IF;
  SELECT epoch INTO v_epoch FROM cell_lease WHERE cell = p_cell AND role = p_role;
  IF v_epoch IS DISTINCT FROM p_epoch THEN
    RAISE EXCEPTION 'epoch of cell % %: % (expected: %)', p_cell, p_role, p_epoch, v_epoch USING ERRCODE = 'WF001';
  END IF;
END
$$;

-- The holder's sign of life; refused like any other write when the epoch is over.
CREATE FUNCTION beat_cell_lease(p_cell integer, p_role text, p_epoch bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM guard(p_cell, p_role, p_epoch);
  UPDATE cell_lease SET beat = beat + 1 WHERE cell = p_cell AND role = p_role;
END
$$;

-- Waits until no guarded transaction is open, at most a second (SQLSTATE 55P03). What began before has ended when this
-- returns, even if its client never heard of it.
CREATE FUNCTION settle_cell(p_cell integer, p_role text) RETURNS void
  LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM set_config('lock_timeout', '1s', true);
  PERFORM pg_advisory_xact_lock(cell_lock_key(p_cell, p_role));
END
$$;

-- The takeover, and with an empty holder the release: raises the epoch if epoch and beat are still those that the caller
-- saw. All in one statement, so that a caller that is stopped midway cannot keep the exclusive lock.
-- Returns the new epoch; null if somebody was faster or the holder is alive after all.
CREATE FUNCTION seize_cell_lease(
  p_cell integer, p_role text, p_epoch bigint, p_beat bigint, p_holder text, p_address text) RETURNS bigint
  LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_epoch bigint;
BEGIN
  PERFORM settle_cell(p_cell, p_role);
  UPDATE cell_lease SET epoch = epoch + 1, beat = beat + 1, holder = p_holder, address = p_address
    WHERE cell = p_cell AND role = p_role AND epoch = p_epoch AND beat = p_beat
    RETURNING epoch INTO v_epoch;
  RETURN v_epoch;
END
$$;

-- Ends the sessions that keep settle_cell waiting; one that is inside its commit finishes that first.
CREATE FUNCTION end_cell_writers(p_cell integer, p_role text) RETURNS bigint
  LANGUAGE sql VOLATILE AS $$
  SELECT count(*) FILTER (WHERE pg_terminate_backend(l.pid))
  FROM pg_locks l, cell_lock_key(p_cell, p_role) AS k
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid::bigint = (k >> 32) & 4294967295 AND l.objid::bigint = k & 4294967295
    AND l.pid <> pg_backend_pid()
$$;
