-- What a tenant's work may cost in a day of UTC. What it has cost is stored nowhere: it is the sum of attempts and prices.
CREATE TABLE tenant_budget (
  tenant   text PRIMARY KEY,
  micros   bigint NOT NULL CHECK (micros > 0),
  currency text NOT NULL,
  author   text NOT NULL,
  updated  timestamptz NOT NULL
);
