-- Which users belong together. Only the placer writes these, a moment after its memory, some at a time, each time in one
-- guarded transaction: so each row is one that was, and its shard is stored. The first shard has no row.
CREATE TABLE shard (
  number  integer PRIMARY KEY CHECK (number > 1),
  parent  integer NOT NULL CHECK (parent > 0 AND parent < number),
  reason  smallint NOT NULL,
  created timestamptz NOT NULL
);
-- One row a user: it is in exactly one shard. Rows of users not heard of for 30 days are deleted by the placer.
CREATE TABLE shard_user (
  tenant text NOT NULL,
  name   text NOT NULL,
  shard  integer NOT NULL CHECK (shard > 0),
  -- On which it was last heard of, since 1970.
  day    integer NOT NULL,
  PRIMARY KEY (tenant, name)
);
-- One row: how often the two above were changed.
CREATE TABLE shard_version (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL
);
