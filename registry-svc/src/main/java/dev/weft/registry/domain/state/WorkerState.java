package dev.weft.registry.domain.state;

/**
 * Where a worker stands in its life. Only Ready gets work. A transition exists on those states only
 * from which it is legal.
 */
public sealed interface WorkerState {

  /** Why no work goes there; empty if it does. */
  String reason();

  /** Leads to {@link Offline} from every state in which the worker is connected. */
  sealed interface Connected extends WorkerState {

    default Offline disconnected(String why) {
      return new Offline(why);
    }
  }

  /** Not connected, or connected and not heard of yet. */
  record Offline(String reason) implements WorkerState {

    /** The first beat has come. */
    public Ready connected() {
      return new Ready();
    }
  }

  /** Eligible. */
  record Ready() implements Connected {

    @Override
    public String reason() {
      return "";
    }

    public Unhealthy unhealthy(String why) {
      return new Unhealthy(why);
    }

    public Draining draining() {
      return new Draining();
    }
  }

  /** Connected but not well. */
  record Unhealthy(String reason) implements Connected {

    public Ready recovered() {
      return new Ready();
    }

    /** Another check is the worst one now. */
    public Unhealthy worsened(String why) {
      return new Unhealthy(why);
    }
  }

  /** Gets no new work; what runs may end. */
  record Draining() implements Connected {

    @Override
    public String reason() {
      return "the worker is being drained";
    }

    public Drained drained() {
      return new Drained();
    }

    public Ready resumed() {
      return new Ready();
    }

    public Unhealthy unhealthy(String why) {
      return new Unhealthy(why);
    }
  }

  /** Gets no new work and runs none. */
  record Drained() implements Connected {

    @Override
    public String reason() {
      return "the worker is drained";
    }

    /** Work that had been assigned before the drain has reached the worker after all. */
    public Draining busyAgain() {
      return new Draining();
    }

    public Ready resumed() {
      return new Ready();
    }

    public Unhealthy unhealthy(String why) {
      return new Unhealthy(why);
    }
  }
}
