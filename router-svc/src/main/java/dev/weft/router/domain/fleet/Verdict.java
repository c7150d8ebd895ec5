package dev.weft.router.domain.fleet;

/** The registry's word on a worker. It makes it eligible or not and never re-queues anything. */
public record Verdict(Status status, String reason) {

  public static final Verdict READY = new Verdict(Status.READY, "");

  /** The registry's states. */
  public enum Status {
    READY,
    UNHEALTHY,
    DRAINING,
    DRAINED,
    OFFLINE
  }
}
