-- What a tenant's work may hold at once, as a tier and for how many instances. What it holds is stored nowhere: it is the sum of open attempts.
CREATE TABLE tenant_tier (
  tenant    text PRIMARY KEY,
  tier      text NOT NULL,
  instances integer NOT NULL CHECK (instances > 0),
  author    text NOT NULL,
  updated   timestamptz NOT NULL
);
