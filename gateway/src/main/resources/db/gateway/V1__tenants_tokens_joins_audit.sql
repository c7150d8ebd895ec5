-- Who may come in. Secrets are kept as SHA-256 only.

CREATE TABLE tenant (
  id          text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  create_time timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE access_token (
  id          uuid PRIMARY KEY,
  tenant      text NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  name        text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  scopes      text NOT NULL, -- words with spaces between them
  create_time timestamptz NOT NULL,
  expire_time timestamptz,
  revoke_time timestamptz
);
CREATE INDEX access_token_by_tenant ON access_token (tenant, id);

CREATE TABLE join_token (
  id          uuid PRIMARY KEY,
  name        text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  create_time timestamptz NOT NULL,
  expire_time timestamptz,
  revoke_time timestamptz
);

-- A worker id belongs to the join token that made it. Kept for ever: an id is never given to another.
CREATE TABLE worker_identity (
  worker_id   uuid PRIMARY KEY,
  join_token  uuid NOT NULL REFERENCES join_token (id),
  create_time timestamptz NOT NULL,
  revoke_time timestamptz
);
CREATE INDEX worker_identity_by_join_token ON worker_identity (join_token);

-- What administrators did. Deleted after the audit's retention.
CREATE TABLE audit (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_time timestamptz NOT NULL DEFAULT now(),
  tenant     text NOT NULL,
  principal  text NOT NULL,
  action     text NOT NULL,
  target     text NOT NULL,
  source     text NOT NULL
);
CREATE INDEX audit_by_time ON audit (event_time);
