package dev.weft.worker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Everything that an operator can set, each by the environment variable that is named. */
@ConfigMapping(prefix = "weft")
public interface WorkerConfig {

  Join join();

  /** Its own directory: id, key, certificate, workspaces (WEFT_DATA_DIR). */
  Path dataDir();

  /** What it says of itself, YAML (WEFT_PROFILE_FILE). */
  Path profileFile();

  /** Whose tasks it takes, comma-separated, in place of the profile's queues (WEFT_QUEUES). */
  Optional<List<String>> queues();

  /** Where bubblewrap is, if not in the usual places (WEFT_BWRAP). */
  Optional<Path> bwrap();

  Sandbox sandbox();

  Drain drain();

  Limits limits();

  Cache cache();

  Output output();

  Agents agents();

  /** The door. */
  interface Join {
    /** host:port of the mesh's public gRPC (WEFT_JOIN_ADDRESS). */
    String address();

    /** Without TLS; on loopback only (WEFT_JOIN_PLAINTEXT). */
    @WithDefault("false")
    boolean plaintext();

    /** File with the join token (WEFT_JOIN_TOKEN_FILE). */
    Path tokenFile();
  }

  /** What tasks see of the machine. */
  interface Sandbox {
    /** Paths that tasks may read besides the system's, comma-separated (WEFT_SANDBOX_READ_ONLY). */
    Optional<List<Path>> readOnly();

    /** From SIGTERM to SIGKILL of a task that is ended (WEFT_SANDBOX_GRACE). */
    @WithDefault("2s")
    Duration grace();
  }

  /** How it stops. */
  interface Drain {
    /**
     * How long running work may go on after SIGTERM (WEFT_DRAIN_GRACE); 115s where Fargate waits
     * 120.
     */
    @WithDefault("25s")
    Duration grace();
  }

  /** The most of one task; memory and file size come from the profile's limits. */
  interface Limits {
    /** WEFT_LIMITS_PROCESSES. */
    @WithDefault("512")
    int processes();

    /** WEFT_LIMITS_CPU_TIME. */
    @WithDefault("4h")
    Duration cpuTime();

    /** stdout and stderr together (WEFT_LIMITS_OUTPUT_MB). */
    @WithDefault("256")
    long outputMb();

    /** WEFT_LIMITS_WALL_TIME. */
    @WithDefault("24h")
    Duration wallTime();

    /** WEFT_LIMITS_OPEN_FILES. */
    @WithDefault("1024")
    int openFiles();

    /** /tmp and /dev/shm, each (WEFT_LIMITS_SCRATCH_MB). */
    @WithDefault("512")
    long scratchMb();
  }

  /** Files of workspaces that it has had. */
  interface Cache {
    /** Kept while nobody needs them; the least recently used go first (WEFT_CACHE_MB). */
    @WithName("mb")
    @WithDefault("2048")
    long megabytes();

    /**
     * Workspaces that came again and are laid out for the next time, of at most 64 MB and 4,000
     * names each; 0: none (WEFT_CACHE_SPARES).
     */
    @WithDefault("4")
    int spares();
  }

  /** Bodies of agents. */
  interface Agents {
    /**
     * Connected lines that are kept at least, at each gateway where a body came within the last ten
     * minutes (16 gateways at most); 0: a line ends with its last body (WEFT_AGENTS_WARM_LINES).
     */
    @WithDefault("2")
    int warmLines();

    /**
     * Sandboxes with a terminal that wait for the next bodies, at most 16; 0: each body's are made
     * when it comes (WEFT_AGENTS_WARM_SANDBOXES).
     */
    @WithDefault("2")
    int warmSandboxes();
  }

  /** Output on its way to its log. */
  interface Output {
    /** Unsealed, of one attempt (WEFT_OUTPUT_BUFFER_MB). */
    @WithDefault("8")
    long bufferMb();

    /** Unsealed, of all attempts (WEFT_OUTPUT_TOTAL_MB); never more than a quarter of the heap. */
    @WithDefault("64")
    long totalMb();

    /** The longest log (WEFT_OUTPUT_LOG_MB). */
    @WithDefault("10240")
    long logMb();

    /** How long an ended attempt's output waits for a replica (WEFT_OUTPUT_LINGER). */
    @WithDefault("10m")
    Duration linger();
  }
}
