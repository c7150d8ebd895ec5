-- Agents and their commands: rows that change some times an hour, so the rules for the hot tables do not hold here. An
-- agent is kept for the retention after its end, a command for 7 days after its own.

-- state: 1 PENDING .. 8 FAILED, as in the code; an agent is over from 7 on. body counts its bodies; body_task is the
-- present one's task, stored before it is submitted, and of one that is over until that task is known to have ended.
CREATE TABLE agent (
  id              uuid PRIMARY KEY,
  tenant          text NOT NULL,
  principal       text NOT NULL,
  request_id      text NOT NULL,
  spec            bytea NOT NULL,
  traceparent     text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  state           smallint NOT NULL,
  state_since     timestamptz NOT NULL DEFAULT now(),
  wish            smallint NOT NULL DEFAULT 0,
  body            integer NOT NULL,
  body_task       uuid,
  body_worker     uuid,
  body_started    timestamptz,
  young_deaths    integer NOT NULL DEFAULT 0,
  snapshot_body   integer NOT NULL DEFAULT 0,
  snapshot        text NOT NULL DEFAULT '',
  snapshot_digest bytea NOT NULL DEFAULT '',
  snapshot_taken  timestamptz,
  snapshot_paths  integer NOT NULL DEFAULT 0,
  snapshot_problem bytea NOT NULL DEFAULT '',
  problem         bytea NOT NULL DEFAULT '',
  home_address    text NOT NULL DEFAULT '',
  home_epoch      bigint NOT NULL DEFAULT 0,
  revision        bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80);
CREATE INDEX agent_by_tenant ON agent (tenant, id);
CREATE UNIQUE INDEX agent_request ON agent (tenant, request_id) WHERE request_id <> '';
-- What a takeover looks at.
CREATE INDEX agent_embodied ON agent (id) WHERE body_task IS NOT NULL;

-- state: 1 QUEUED, 2 GIVEN to a body, 3 ENDED, 4 INTERRUPTED.
CREATE TABLE agent_command (
  agent       uuid NOT NULL,
  command_id  text NOT NULL,
  position    bigint NOT NULL,
  tenant      text NOT NULL,
  principal   text NOT NULL,
  words       bytea NOT NULL,
  traceparent text NOT NULL,
  state       smallint NOT NULL,
  body        integer NOT NULL,
  exit_code   integer NOT NULL DEFAULT 0,
  problem     bytea NOT NULL DEFAULT '',
  accepted    timestamptz NOT NULL DEFAULT now(),
  ended       timestamptz,
  PRIMARY KEY (agent, command_id)
) WITH (fillfactor = 80);
CREATE INDEX agent_command_open ON agent_command (agent, position) WHERE ended IS NULL;
CREATE INDEX agent_command_by_tenant ON agent_command (tenant);
CREATE INDEX agent_command_ended ON agent_command (ended) WHERE ended IS NOT NULL;
