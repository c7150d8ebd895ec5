-- Tickets for sessions, by the SHA-256 of each: used by deleting, once, at whatever gateway.

CREATE TABLE session_ticket (
  secret_hash bytea PRIMARY KEY,
  tenant      text NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  agent_id    text NOT NULL,
  principal   text NOT NULL,
  token_id    uuid NOT NULL REFERENCES access_token (id) ON DELETE CASCADE,
  viewer      boolean NOT NULL,
  expire_time timestamptz NOT NULL
);

CREATE INDEX session_ticket_expiry ON session_ticket (expire_time);
CREATE INDEX session_ticket_token ON session_ticket (token_id);
