package dev.weft.platform.grpc;

import java.time.Duration;

/**
 * Bounds on what one connection may ask of this process. The defaults are the mesh's; both sides of
 * a connection agree on the keep-alive: a peer pings every 10 s, and is dropped if it pings more
 * often than every 5 s.
 */
public record MeshLimits(
    int maxMessageBytes,
    int maxHeaderBytes,
    int maxCallsPerConnection,
    int maxResetsPer30s,
    Duration handshake,
    Duration maxConnectionIdle) {

  static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
  static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);
  static final Duration LEAST_PING_INTERVAL = Duration.ofSeconds(5);

  /** After so long without a byte from the other side its ping has failed, and calls have ended. */
  static final Duration LONGEST_SILENCE = KEEP_ALIVE.plus(KEEP_ALIVE_TIMEOUT).plusSeconds(1);

  /** Less than a peer takes: beyond that, calls wait at the caller until others end. */
  static final int LONG_STREAMS_PER_CONNECTION = 500;

  /**
   * 8 MiB a message, 16 KiB of headers, 1,000 calls and 10,000 resets in 30 s a connection. A
   * gateway resets a call for each follower that has caught up with a log, and loses the calls of
   * everybody if that is too much for the other side: a thousand followers do it some times over.
   */
  public static MeshLimits defaults() {
    return new MeshLimits(
        8 << 20, 16 << 10, 1_000, 10_000, Duration.ofSeconds(10), Duration.ofMinutes(5));
  }

  /** The same with another bound on idle connections. */
  public MeshLimits withMaxConnectionIdle(Duration value) {
    return new MeshLimits(
        maxMessageBytes, maxHeaderBytes, maxCallsPerConnection, maxResetsPer30s, handshake, value);
  }
}
