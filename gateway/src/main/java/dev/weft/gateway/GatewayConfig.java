package dev.weft.gateway;

import dev.weft.platform.mesh.MeshConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All that can be set, as WEFT_… in the environment; README.md has the same table. */
@ConfigMapping(prefix = "weft")
public interface GatewayConfig extends MeshConfig {

  @WithName("public")
  PublicDoor publicDoor();

  Ca ca();

  /** Opens the CA's key. */
  Optional<Path> masterKeyFile();

  Bootstrap bootstrap();

  WorkerDoor door();

  /** Whether workers are told the inner addresses or the worker door's. */
  @WithDefault("direct")
  EndpointKind workerEndpoints();

  Auth auth();

  Submit submit();

  Artifacts artifacts();

  Session session();

  /** How long a graceful stop may wait for requests, then for submissions under way: each. */
  @WithDefault("10s")
  Duration stopGrace();

  /** How long audit entries and ended tokens are kept. */
  @WithDefault("365d")
  Duration auditRetention();

  /** Where workers' streams go. */
  enum EndpointKind {
    DIRECT,
    DOOR
  }

  /** What faces the world. */
  interface PublicDoor {
    /** No TLS; only on loopback addresses. */
    @WithDefault("false")
    boolean plaintext();

    /** PEM; TLS of both public ports. */
    Optional<Path> certFile();

    /** PEM; PKCS #8. */
    Optional<Path> keyFile();

    /**
     * Host headers that are let in besides loopback names; without any, all are outside local mode.
     */
    Optional<List<String>> hosts();

    /** Origins of browser pages that are let in besides the door's own. */
    Optional<List<String>> origins();

    /** Open SSE and gRPC watches at once in this gateway. */
    @WithDefault("2000")
    int mostStreams();

    /** Connections to the gRPC port at once; each may hold 64 KiB that nobody has asked for. */
    @WithDefault("500")
    int mostGrpcConnections();

    /**
     * Bytes of requests that are read and served at once; default: a 16th of the heap, 4 MiB at
     * least.
     */
    Optional<Long> mostBodyBytes();
  }

  /** The mesh's certificate authority, whose key is the gateways'. */
  interface Ca {
    Path certFile();

    /** Sealed by the master key. */
    Path keyFile();
  }

  /** A first tenant with its tokens, so that somebody can get in. */
  interface Bootstrap {
    Optional<String> tenant();

    /** Holds a bearer token's text; only its hash is kept. */
    Optional<Path> tokenFile();

    /** Holds a join token's text; only its hash is kept. */
    Optional<Path> joinTokenFile();
  }

  /**
   * Relays workers' streams, unread, to whoever holds the cell and the registry, to the artifact
   * service's replicas in turn, and to the gateway that is asked for; a port of 0 is off.
   */
  interface WorkerDoor {
    @WithDefault("127.0.0.1")
    String host();

    @WithDefault("0")
    int workPort();

    @WithDefault("0")
    int heartbeatPort();

    @WithDefault("0")
    int artifactPort();

    /** Asked by HTTP CONNECT for one of the gateways, by its mesh address. */
    @WithDefault("0")
    int gatewayPort();

    /** Host that workers dial; default: host. */
    Optional<String> advertiseHost();

    @WithDefault("4000")
    int mostConnections();

    @WithDefault("60s")
    Duration idle();
  }

  /** How bearers are checked. */
  interface Auth {
    /**
     * How long a token counts as known after it was read; a revocation is felt within this time.
     */
    @WithDefault("4s")
    Duration cache();

    /** How often open streams are asked for again. */
    @WithDefault("15s")
    Duration recheck();

    /** Failed tries that one address has at once. */
    @WithDefault("20")
    int failureBurst();

    /** How long one failed try takes to be forgiven. */
    @WithDefault("3s")
    Duration failureRefill();

    /** Most gateways that run at once; without Redis each keeps its part of the bounds. */
    @WithDefault("2")
    int gateways();
  }

  /** How bytes are passed on to the artifact service and back. */
  interface Artifacts {
    /** Of one artifact; the artifact service has a bound of its own. */
    @WithDefault("10737418240")
    long mostBytes();

    /** Uploads and downloads at once in this gateway; each holds a few megabytes at most. */
    @WithDefault("128")
    int mostTransfers();

    /** How long the sender of an upload may send nothing. */
    @WithDefault("60s")
    Duration idle();

    /**
     * Whether their bytes count in the network bytes of tenants with a tier, and of their users.
     */
    @WithDefault("true")
    boolean rated();
  }

  /** Agents' sessions, and the homes of agents. */
  interface Session {
    /** Origins of pages that may open sessions, and nothing else, besides the public ones. */
    Optional<List<String>> origins();

    /** WebSockets at once in this gateway. */
    @WithDefault("2000")
    int mostSockets();

    /** WebSockets of one tenant at once in this gateway. */
    @WithDefault("200")
    int mostSocketsPerTenant();

    /** How often the token behind an open socket is looked at again. */
    @WithDefault("5s")
    Duration recheck();

    /** How long a session's home may be out of reach before its clients are sent away. */
    @WithDefault("30s")
    Duration patience();

    /** Of one agent's frames, kept at its home. */
    @WithDefault("4194304")
    long ringBytes();

    /** Of all frames that are kept in this gateway; default: a 4th of the heap, at most 256 MiB. */
    Optional<Long> mostRingBytes();
  }

  /** How submissions are forwarded. */
  interface Submit {
    /** Tasks per second of each tenant, at all gateways together. */
    @WithDefault("100000")
    long rate();

    /** Tasks of a tenant at once, after a pause. */
    @WithDefault("200000")
    long burst();

    @WithDefault("20000")
    int mostWaiting();

    /** Default: an 8th of the heap, at most 64 MiB. */
    Optional<Long> mostWaitingBytes();

    @WithDefault("1000")
    int mostBatch();

    @WithDefault("4194304")
    long mostBatchBytes();

    /** How long a caller without a deadline of its own waits. */
    @WithDefault("30s")
    Duration patience();

    /** How long one try may take. */
    @WithDefault("4s")
    Duration tryDeadline();
  }
}
