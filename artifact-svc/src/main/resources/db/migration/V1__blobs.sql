-- Which blob store belongs to this database; written once, compared at every start.
CREATE TABLE store_mark (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  id     uuid    NOT NULL
);

-- The bytes that a tenant holds. The row is what makes a blob visible; location says where the store keeps it, and each
-- upload has a location of its own, so that a sweep never deletes what a later upload has stored.
CREATE TABLE blob (
  tenant     text        NOT NULL,
  digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
  size_bytes bigint      NOT NULL CHECK (size_bytes >= 0),
  location   text        NOT NULL,
  -- CRC-32C of every 256 KiB, 4 bytes each: nothing is sent that was not checked.
  checks     bytea       NOT NULL,
  -- Found damaged: not held until somebody uploads it again.
  damaged    boolean     NOT NULL DEFAULT false,
  -- When somebody last relied on it without holding it: raised at least every 10 min.
  touched_at timestamptz NOT NULL DEFAULT now(),
  -- Since when nothing holds it; null: something does. A hint: the sweep looks itself.
  marked_at  timestamptz DEFAULT now(),
  PRIMARY KEY (tenant, digest)
);
CREATE UNIQUE INDEX blob_location ON blob (tenant, location);
CREATE INDEX blob_marked ON blob (marked_at) WHERE marked_at IS NOT NULL;

-- Who holds a blob: an artifact, by its id, or whatever else must keep bytes.
CREATE TABLE blob_hold (
  holder uuid  NOT NULL,
  tenant text  NOT NULL,
  digest bytea NOT NULL,
  PRIMARY KEY (holder, digest)
);
CREATE INDEX blob_hold_digest ON blob_hold (tenant, digest);

-- A tenant's reference to one blob. seq orders and pages lists; ids of one millisecond are not ordered.
CREATE TABLE artifact (
  id         uuid        PRIMARY KEY,
  seq        bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  tenant     text        NOT NULL,
  name       text        NOT NULL,
  digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
  size_bytes bigint      NOT NULL,
  media_type text        NOT NULL,
  task_id    text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX artifact_list ON artifact (tenant, seq);
CREATE INDEX artifact_name ON artifact (tenant, name, seq) WHERE name <> '';
CREATE INDEX artifact_task ON artifact (tenant, task_id, seq) WHERE task_id <> '';
CREATE INDEX artifact_expiry ON artifact (expires_at);
