-- What the home of an agent has sealed of its session. Whoever writes names its home epoch, so that an earlier home changes
-- nothing. No column that changes while the agent lives is indexed, but written_at for the sweep.
CREATE TABLE frame_log (
  id             uuid        PRIMARY KEY,
  agent_id       text        NOT NULL UNIQUE,
  tenant         text        NOT NULL,
  home_epoch     bigint      NOT NULL,
  -- The last frame in a segment.
  sealed_body    integer     NOT NULL DEFAULT 0,
  sealed_number  bigint      NOT NULL DEFAULT 0,
  -- Frames up to this one were dropped, since the log may have so many bytes only.
  dropped_body   integer     NOT NULL DEFAULT 0,
  dropped_number bigint      NOT NULL DEFAULT 0,
  -- Nothing more will come of bodies up to this one.
  ended_body     integer     NOT NULL DEFAULT 0,
  -- What its segments take, each with what a small one takes at least.
  bytes          bigint      NOT NULL DEFAULT 0,
  written_at     timestamptz NOT NULL DEFAULT now(),
  closed_at      timestamptz
) WITH (fillfactor = 50);
CREATE INDEX frame_log_closed ON frame_log (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX frame_log_tenant ON frame_log (tenant);

-- Frames first…last of one body, encoded, in the blob of this digest, which is held in the log's name.
CREATE TABLE frame_segment (
  log        uuid    NOT NULL REFERENCES frame_log ON DELETE CASCADE,
  body       integer NOT NULL,
  first      bigint  NOT NULL,
  last       bigint  NOT NULL CHECK (last >= first),
  home_epoch bigint  NOT NULL,
  digest     bytea   NOT NULL CHECK (octet_length(digest) = 32),
  cost       bigint  NOT NULL,
  PRIMARY KEY (log, body, first)
);
