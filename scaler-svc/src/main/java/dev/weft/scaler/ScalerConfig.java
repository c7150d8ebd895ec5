package dev.weft.scaler;

import dev.weft.platform.mesh.MeshConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** All that can be set, as WEFT_… in the environment; README.md has the same table. */
@ConfigMapping(prefix = "weft")
public interface ScalerConfig extends MeshConfig {

  Db db();

  Scaler scaler();

  /** How long a graceful stop waits for calls that are under way (WEFT_STOP_GRACE). */
  @WithDefault("2s")
  Duration stopGrace();

  /** PostgreSQL; the schema is scaler. */
  interface Db {
    @WithDefault("127.0.0.1")
    String host();

    @WithDefault("5432")
    int port();

    @WithDefault("weft")
    String name();

    @WithDefault("weft_scaler")
    String user();

    String password();
  }

  /** The scaler's own rules (WEFT_SCALER_…). */
  interface Scaler {
    /** One recipe per pool; without it there are no pools. */
    Optional<Path> poolsDir();

    /** Where the run files of local workers lie; needed with pools-dir. */
    Optional<Path> runDir();

    /** How often every pool is looked at. */
    @WithDefault("250ms")
    Duration lookInterval();

    /** How many workers more than desired a pool may have while one is replaced. */
    @WithDefault("1")
    int surge();

    /** How long a worker may take to get ready. */
    @WithDefault("2m")
    Duration startLimit();

    /** How long a running worker may be unseen by the registry before it is replaced. */
    @WithDefault("2m")
    Duration silence();

    /** After how long another worker takes the place of one that people have drained. */
    @WithDefault("5s")
    Duration replaceDrainedAfter();

    /** How long tasks may go on on a worker that is surplus. */
    @WithDefault("2m")
    Duration drainGrace();

    /** How long a worker may take to end when asked. */
    @WithDefault("20s")
    Duration stopLimit();

    /** A worker that lived shorter died fast. */
    @WithDefault("1m")
    Duration fastDeath();

    /** The pause after the second fast death in a row; doubled with each further one. */
    @WithDefault("1s")
    Duration firstPause();

    /** The longest pause. */
    @WithDefault("2m")
    Duration mostPause();

    /** How long actions and ended instances are kept. */
    @WithDefault("30d")
    Duration keep();
  }
}
