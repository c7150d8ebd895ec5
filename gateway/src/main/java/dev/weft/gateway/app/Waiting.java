package dev.weft.gateway.app;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.PrefixedId;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One submission on its way. Its fields belong to whoever holds it: the queue under its lock, or
 * the one flight.
 */
final class Waiting<T, A> {

  static final String TASK_PREFIX = "tsk";

  private static final Duration RETRY = Duration.ofSeconds(1);

  final String tenant;
  final T task;
  final int bytes;
  final long until;
  final CompletableFuture<A> answer = new CompletableFuture<>();
  UUID id;
  boolean sent;
  int mints;

  /** With how many it may be in a batch, itself counted. */
  int company = Integer.MAX_VALUE;

  Waiting(String tenant, T task, int bytes, long until, UUID id) {
    this.tenant = tenant;
    this.task = task;
    this.bytes = bytes;
    this.until = until;
    this.id = id;
  }

  MeshException outOfTime() {
    if (!sent) {
      return new MeshException(
              GatewayReason.CELL_UNAVAILABLE,
              "cell: nobody to submit to in time (expected: a placer)")
          .retryAfter(RETRY);
    }
    return unknown("no answer in time");
  }

  MeshException unreadable() {
    return unknown("its answer is too large");
  }

  private MeshException unknown(String why) {
    String text = PrefixedId.format(TASK_PREFIX, id);
    return new MeshException(
            GatewayReason.OUTCOME_UNKNOWN,
            "task_id: " + text + ", sent, " + why + " (expected: look it up)")
        .with("task_id", text);
  }
}
