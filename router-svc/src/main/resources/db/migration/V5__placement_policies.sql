-- By what workers are chosen. Append-only, one row a version, for good: Decisions name it. Whoever sets a version says
-- which one it follows, so that of two at once one wins. The table policy stays for the build before, which reads it.
CREATE TABLE placement_policy (
  version    integer PRIMARY KEY CHECK (version > 0),
  created    timestamptz NOT NULL DEFAULT now(),
  author     text NOT NULL,
  comment    text NOT NULL,
  request_id text NOT NULL,
  -- Capability, load, latency and cost of P0, then of P1, and so on.
  weights    float8[] NOT NULL CHECK (cardinality(weights) = 28),
  -- EXECUTOR=ALGORITHM or EXECUTOR/CLASS=ALGORITHM; who stands nowhere goes by the composite score.
  algorithms text[] NOT NULL
);
CREATE UNIQUE INDEX placement_policy_request ON placement_policy (author, request_id) WHERE request_id <> '';
