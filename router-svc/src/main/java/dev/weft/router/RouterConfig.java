package dev.weft.router;

import dev.weft.platform.mesh.MeshConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Everything that is set of a router; see README.md for the environment's names. */
@ConfigMapping(prefix = "weft")
public interface RouterConfig extends MeshConfig {

  Db db();

  /** How long a stop waits for calls and the last commit (WEFT_STOP_GRACE). */
  @WithDefault("5s")
  Duration stopGrace();

  Retention retention();

  Test test();

  /** PostgreSQL, schema and role of the router alone. */
  interface Db {

    /** WEFT_DB_HOST. */
    @WithDefault("127.0.0.1")
    String host();

    /** WEFT_DB_PORT. */
    @WithDefault("5432")
    int port();

    /** WEFT_DB_NAME. */
    @WithDefault("weft")
    String name();

    /** WEFT_DB_USER. */
    @WithDefault("weft_router")
    String user();

    /** WEFT_DB_PASSWORD. */
    @WithDefault("")
    String password();
  }

  /** How long what has ended is kept. */
  interface Retention {

    /** Tasks, results, events and decisions, in whole days (WEFT_RETENTION_DAYS). */
    @WithDefault("7")
    int days();
  }

  /** For tests alone. */
  interface Test {

    /** Where this process is to die, NAME or NAME:n (WEFT_TEST_CRASH_POINT). */
    Optional<String> crashPoint();
  }
}
