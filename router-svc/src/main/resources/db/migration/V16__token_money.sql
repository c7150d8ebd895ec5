-- What a million tokens of a model cost, in millionths of the currency's unit: a tokens' cost is the model's last price at its
-- attempt's lease times their number. Append-only, one row a change and version of the whole table; an empty currency says that
-- the model has none from then on. Written by operators alone.
CREATE TABLE model_price (
  model    text NOT NULL,
  since    timestamptz NOT NULL,
  version  bigint NOT NULL UNIQUE CHECK (version > 0),
  currency text NOT NULL,
  input    bigint NOT NULL CHECK (input >= 0),
  output   bigint NOT NULL CHECK (output >= 0),
  author   text NOT NULL,
  PRIMARY KEY (model, since)
);

-- How many tokens of models a tenant's work may report in a day of UTC: beside its budget in money, or alone. A table of its own,
-- since the build before reads an amount of every row of the other.
CREATE TABLE tenant_token_budget (
  tenant  text PRIMARY KEY,
  tokens  bigint NOT NULL CHECK (tokens > 0),
  author  text NOT NULL,
  updated timestamptz NOT NULL
);

-- What of an attempt's tokens was told on the last day of UTC (since 1970) on which any was: a tenant's day is counted by it.
SET LOCAL lock_timeout = '5s';

ALTER TABLE token_use ADD COLUMN day integer NOT NULL DEFAULT 0;
ALTER TABLE token_use ADD COLUMN day_input bigint NOT NULL DEFAULT 0;
ALTER TABLE token_use ADD COLUMN day_output bigint NOT NULL DEFAULT 0;
