package dev.weft.registry;

import dev.weft.platform.mesh.MeshConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** All that can be set, as WEFT_… in the environment; README.md has the same table. */
@ConfigMapping(prefix = "weft")
public interface RegistryConfig extends MeshConfig {

  Db db();

  Registry registry();

  /** How long a graceful stop waits for calls that are under way (WEFT_STOP_GRACE). */
  @WithDefault("2s")
  Duration stopGrace();

  /** PostgreSQL; the schema is registry. */
  interface Db {
    @WithDefault("127.0.0.1")
    String host();

    @WithDefault("5432")
    int port();

    @WithDefault("weft")
    String name();

    @WithDefault("weft_registry")
    String user();

    String password();
  }

  /** The registry's own rules (WEFT_REGISTRY_…). */
  interface Registry {
    /** How often a worker beats. */
    @WithDefault("1s")
    Duration beatInterval();

    /** Layers 1 and 2: how many missing beats, or bad reports, in a row make a worker unhealthy. */
    @WithDefault("3")
    int failures();

    /** How many good ones in a row make it healthy again. */
    @WithDefault("2")
    int recoveries();

    Application application();

    Deep deep();

    /** After how long without a beat an open stream is taken for dead. */
    @WithDefault("15s")
    Duration silence();

    /** How long a worker whose stream closed keeps its state. */
    @WithDefault("2s")
    Duration reconnectGrace();

    /** How long a stream may be open without a hello and a profile. */
    @WithDefault("5s")
    Duration helloWithin();

    /** The least time between two writes of statistics. */
    @WithDefault("10s")
    Duration statisticsInterval();

    /** How long an offline worker is remembered. */
    @WithDefault("30d")
    Duration forgetAfter();

    /** How many workers are known at most, offline ones too. */
    @WithDefault("20000")
    int mostWorkers();

    /** How many may watch the fleet at once. */
    @WithDefault("64")
    int mostWatchers();

    /** After how long without a change a watcher is told that nothing changed. */
    @WithDefault("5s")
    Duration watchIdle();

    /** How long a watcher may read nothing while something waits for it. */
    @WithDefault("10s")
    Duration watchSlow();

    /** Layer 3: a worker asks what its work needs (WEFT_REGISTRY_APPLICATION_…). */
    interface Application {
      /** How often. */
      @WithDefault("30s")
      Duration interval();

      /** What is not over by then has failed; at most the interval. */
      @WithDefault("10s")
      Duration timeout();

      /** How many failures in a row make a worker unhealthy. */
      @WithDefault("2")
      int failures();

      /** How many good ones in a row make it healthy again. */
      @WithDefault("2")
      int recoveries();
    }

    /** Layer 4: a worker runs a command of its own (WEFT_REGISTRY_DEEP_…). */
    interface Deep {
      /** How often. */
      @WithDefault("60s")
      Duration interval();

      /** What is not over by then has failed; at most the interval. */
      @WithDefault("30s")
      Duration timeout();

      /** How many failures in a row make a worker unhealthy. */
      @WithDefault("1")
      int failures();

      /** How many good ones in a row make it healthy again. */
      @WithDefault("2")
      int recoveries();
    }
  }
}
