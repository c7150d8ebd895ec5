package dev.weft.scaler.domain.pool;

import java.time.Duration;
import java.time.Instant;

/** How an instance stands. A change is a method of the states from which it is legal. */
public sealed interface InstanceState {

  Instant since();

  /** Why it is so, for people. */
  String detail();

  /** It may have a process. */
  sealed interface Live extends InstanceState {
    default Ended ended(Instant now, String detail) {
      return new Ended(now, detail);
    }
  }

  /** Not yet asked to go. */
  sealed interface Drainable extends Live {
    /** No more work goes there; what runs has the grace. */
    default Draining draining(Instant now, Duration grace, String detail) {
      return new Draining(now, now.plus(grace), detail);
    }
  }

  /** It counts for the size of the pool. */
  sealed interface Serving extends Drainable {}

  /** Asked of the provider, not yet ready. */
  record Starting(Instant since, String detail) implements Serving {
    public Running running(Instant now) {
      return new Running(now, detail);
    }
  }

  /** The registry has seen it ready. */
  record Running(Instant since, String detail) implements Serving {
    public SetAside setAside(Instant now) {
      return new SetAside(now, "drained by hand; another one serves in its place");
    }
  }

  /** Drained by people: left alone, and missing from the pool. */
  record SetAside(Instant since, String detail) implements Drainable {
    public Running running(Instant now) {
      return new Running(now, "takes work again");
    }
  }

  /**
   * Takes no more work.
   *
   * @param deadline until which it may hold leases
   */
  record Draining(Instant since, Instant deadline, String detail) implements Live {
    public Stopping stopping(Instant now, Duration limit) {
      return new Stopping(now, now.plus(limit), detail);
    }
  }

  /**
   * Asked to end.
   *
   * @param killAt when it is no longer asked
   */
  record Stopping(Instant since, Instant killAt, String detail) implements Live {}

  /** It has no process any more; the end of the instance. */
  record Ended(Instant since, String detail) implements InstanceState {}
}
