-- Tenants' secrets, sealed by the master key for their tenant, name and version.

CREATE SEQUENCE secret_version;

CREATE TABLE secret (
  tenant      text NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  name        text NOT NULL,
  version     bigint NOT NULL,
  sealed      bytea NOT NULL,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  PRIMARY KEY (tenant, name)
);
