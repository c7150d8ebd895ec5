package dev.weft.artifact;

import dev.weft.platform.mesh.MeshConfig;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** All that can be set, as WEFT_… in the environment; README.md has the same table. */
@ConfigMapping(prefix = "weft")
public interface ArtifactConfig extends MeshConfig {

  Artifact artifact();

  S3 s3();

  Output output();

  Frames frames();

  /** How long a graceful stop waits for calls that are under way (WEFT_STOP_GRACE). */
  @WithDefault("5s")
  Duration stopGrace();

  /** The store's own rules (WEFT_ARTIFACT_…). */
  interface Artifact {
    /** Where blobs are kept, shared by the replicas; not needed with S3. */
    Optional<Path> directory();

    /** The largest artifact or blob. */
    @WithDefault("10G")
    MemorySize mostBytes();

    /** What an upload must leave free on the store's disk. */
    @WithDefault("512M")
    MemorySize keepFree();

    /** How long an artifact lives if its upload says nothing. */
    @WithDefault("24h")
    Duration lifetime();

    /** How long a blob that nothing holds stays. */
    @WithDefault("1h")
    Duration grace();

    /** How often garbage is swept; one replica at a time. */
    @WithDefault("1m")
    Duration sweepInterval();

    /** How often the store is searched for bytes that no row knows. */
    @WithDefault("6h")
    Duration scanInterval();

    /** How many uploads and downloads run at once. */
    @WithDefault("256")
    int mostTransfers();

    /** How long an upload or a download may stand still. */
    @WithDefault("1m")
    Duration stallLimit();

    /** How long a positive answer of the placer about a lease is believed. */
    @WithDefault("2s")
    Duration leaseMemory();

    /** Small blobs in this process's memory. */
    @WithDefault("16M")
    MemorySize cacheBytes();

    /** How long small blobs stay in Redis. */
    @WithDefault("10m")
    Duration redisLifetime();
  }

  /** An S3 bucket instead of a directory (WEFT_S3_…). */
  interface S3 {
    /** Set: blobs are kept there. */
    Optional<String> bucket();

    /** Put before every key. */
    @WithDefault("weft/")
    String prefix();

    @WithDefault("us-east-1")
    String region();

    /** Of a store that is not Amazon's. */
    Optional<URI> endpoint();

    /** Buckets by path instead of by host name. */
    @WithDefault("false")
    boolean pathStyle();

    /** Unset: as the SDK finds them (environment, task role). */
    Optional<String> accessKey();

    Optional<String> secretKey();

    /** How long the bucket may say nothing. */
    @WithDefault("20s")
    Duration timeout();
  }

  /** Output logs (WEFT_OUTPUT_…). */
  interface Output {
    /** Kept of what is sealed, for live readers of one log. */
    @WithDefault("1M")
    MemorySize ringBytes();

    /** Most that one log holds before it is sealed; beyond it the worker waits. */
    @WithDefault("4M")
    MemorySize unsealedBytes();

    /** At which a segment is sealed. */
    @WithDefault("256K")
    MemorySize segmentBytes();

    /** After which what there is gets sealed. */
    @WithDefault("30s")
    Duration silence();

    /** Most bytes of one attempt's output. */
    @WithDefault("11G")
    MemorySize mostBytes();

    /**
     * What all open logs hold together, and a frame each beyond it; unset: a quarter of the heap.
     */
    Optional<MemorySize> memory();

    /** Open logs of this replica; workers beyond dial another. */
    @WithDefault("1000")
    int mostLogs();

    /** Readers of this replica. */
    @WithDefault("5000")
    int mostReaders();

    /** How long closed logs and their artifacts are kept. */
    @WithDefault("168h")
    Duration retention();

    /** After which a log without a stream is closed, if its lease is over. */
    @WithDefault("60s")
    Duration writerGone();

    /** After which an open log without a sign of its owner is taken over. */
    @WithDefault("60s")
    Duration ownerGone();
  }

  /**
   * Frames of agents' sessions (WEFT_FRAMES_…); after an agent's end they are kept as output is.
   */
  interface Frames {
    /** Of one agent; its oldest go for newer ones. */
    @WithDefault("256M")
    MemorySize mostBytes();

    /**
     * How long they are kept when nothing comes any more and nobody says that the agent is over.
     */
    @WithDefault("365d")
    Duration silence();
  }
}
