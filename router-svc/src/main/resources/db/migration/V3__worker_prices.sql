-- Since when which worker costs how much: what an attempt cost is its worker's last price at its lease times its time.
-- Append-only but for seen, by which prices of workers that are no more expire. A worker's first price counts for all
-- time before; an empty currency says that no price was known. Written when a price changes, never by a task.
CREATE TABLE worker_price (
  worker          uuid NOT NULL,
  since           timestamptz NOT NULL,
  micros_per_hour bigint NOT NULL,
  currency        text NOT NULL,
  name            text NOT NULL,
  seen            timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (worker, since)
);
