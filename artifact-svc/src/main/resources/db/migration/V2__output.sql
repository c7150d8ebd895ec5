-- An attempt's output log. Who owns it stands here with an epoch that every owner and every stream raises; whoever
-- writes names the epoch, so that an earlier owner changes nothing. No column that changes while the log is open is
-- indexed.
CREATE TABLE output_log (
  id            uuid        PRIMARY KEY,
  tenant        text        NOT NULL,
  task_id       text        NOT NULL,
  attempt       integer     NOT NULL,
  worker_id     text        NOT NULL,
  fence         bigint      NOT NULL,
  owner_node    text        NOT NULL,
  owner_address text        NOT NULL,
  owner_epoch   bigint      NOT NULL,
  -- The last number in a segment, and the bytes of output up to it.
  sealed        bigint      NOT NULL DEFAULT 0,
  sealed_bytes  bigint      NOT NULL DEFAULT 0,
  -- How far the owner once had it; what is missing up to here is a known gap.
  received      bigint      NOT NULL DEFAULT 0,
  opened_at     timestamptz NOT NULL DEFAULT now(),
  -- An owner's sign of life; an open log without one is taken over.
  signed_at     timestamptz NOT NULL DEFAULT now(),
  closed_at     timestamptz,
  -- Until then one replica makes the artifact of the whole log, or none has to.
  claimed_until timestamptz,
  archived_at   timestamptz,
  UNIQUE (task_id, attempt)
) WITH (fillfactor = 50);
CREATE INDEX output_log_open ON output_log (opened_at) WHERE closed_at IS NULL;
CREATE INDEX output_log_unarchived ON output_log (closed_at) WHERE archived_at IS NULL;
CREATE INDEX output_log_closed ON output_log (closed_at);
CREATE INDEX output_log_tenant ON output_log (tenant, task_id);

-- Entries first…last, encoded, in the blob of this digest from this place on. The blob is held in the log's name.
CREATE TABLE output_segment (
  log          uuid   NOT NULL REFERENCES output_log ON DELETE CASCADE,
  first        bigint NOT NULL,
  last         bigint NOT NULL CHECK (last >= first),
  digest       bytea  NOT NULL CHECK (octet_length(digest) = 32),
  place        bigint NOT NULL,
  size_bytes   bigint NOT NULL,
  output_bytes bigint NOT NULL,
  PRIMARY KEY (log, first)
);
