package dev.weft.router.domain.agent;

import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.Optional;

/** Where an agent is in its life. A step exists only on the states from which it is legal. */
public sealed interface AgentState {

  Phase phase();

  /** The names. The codes are stored: never change one. */
  enum Phase {
    PENDING(1),
    PROVISIONING(2),
    RUNNING(3),
    HIBERNATING(4),
    HIBERNATED(5),
    WAKING(6),
    TERMINATED(7),
    FAILED(8);

    private final int code;

    Phase(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    /** Codes from TERMINATED on are final. */
    public boolean over() {
      return code >= TERMINATED.code;
    }

    public static Phase of(int code) {
      if (code < 1 || code > FAILED.code) {
        throw new IllegalArgumentException("agent state: " + code + " (expected: 1..8)");
      }
      return values()[code - 1];
    }
  }

  /** Not over. */
  sealed interface Alive extends AgentState permits Embodied, Hibernated {

    Terminated terminate();
  }

  /** Has a body, or a task that is to be one. */
  sealed interface Embodied extends Alive
      permits Pending, Provisioning, Running, Hibernating, Waking {

    Body body();

    /** Its body ended: it goes on in the next. */
    default Embodied replaced(Body next) {
      return new Waking(next);
    }

    /** Its body ended, and it needs none. */
    default Hibernated asleep() {
      return new Hibernated();
    }

    /** Its body ended, and another would fare no better. */
    default Failed fail() {
      return new Failed();
    }

    @Override
    default Terminated terminate() {
      return new Terminated(Optional.of(body()));
    }
  }

  /** Its first body waits for a worker. */
  record Pending(Body body) implements Embodied {

    Provisioning leased(WorkerId worker) {
      return new Provisioning(body.leased(worker));
    }

    Running started(WorkerId worker, Instant now) {
      return new Running(body.running(worker, now));
    }

    /** What never came to be was no body: this is still the first. */
    @Override
    public Pending replaced(Body next) {
      return new Pending(next);
    }

    @Override
    public Phase phase() {
      return Phase.PENDING;
    }
  }

  /** A worker makes the first body ready. */
  record Provisioning(Body body) implements Embodied {

    Provisioning leased(WorkerId worker) {
      return new Provisioning(body.leased(worker));
    }

    /** The worker gave the lease back. */
    Pending requeued() {
      return new Pending(body.waiting());
    }

    Running started(WorkerId worker, Instant now) {
      return new Running(body.running(worker, now));
    }

    @Override
    public Phase phase() {
      return Phase.PROVISIONING;
    }
  }

  /** Its body lives. */
  record Running(Body body) implements Embodied {

    Hibernating hibernate() {
      return new Hibernating(body, false);
    }

    @Override
    public Phase phase() {
      return Phase.RUNNING;
    }
  }

  /**
   * Its body saves the workspace, to end after it.
   *
   * @param wake it is to wake as soon as it sleeps
   */
  record Hibernating(Body body, boolean wake) implements Embodied {

    Hibernating wake(boolean wish) {
      return wish == wake ? this : new Hibernating(body, wish);
    }

    @Override
    public Phase phase() {
      return Phase.HIBERNATING;
    }
  }

  /** No body. */
  record Hibernated() implements Alive {

    Waking wake(Body next) {
      return new Waking(next);
    }

    @Override
    public Terminated terminate() {
      return new Terminated(Optional.empty());
    }

    @Override
    public Phase phase() {
      return Phase.HIBERNATED;
    }
  }

  /** It has had a body, and its next one waits for a worker or is made ready there. */
  record Waking(Body body) implements Embodied {

    Waking leased(WorkerId worker) {
      return new Waking(body.leased(worker));
    }

    Waking requeued() {
      return new Waking(body.waiting());
    }

    Running started(WorkerId worker, Instant now) {
      return new Running(body.running(worker, now));
    }

    @Override
    public Phase phase() {
      return Phase.WAKING;
    }
  }

  /**
   * Over, because somebody said so.
   *
   * @param remains the body, until it is known to have ended
   */
  record Terminated(Optional<Body> remains) implements AgentState {

    Terminated buried() {
      return new Terminated(Optional.empty());
    }

    @Override
    public Phase phase() {
      return Phase.TERMINATED;
    }
  }

  /** Over, because it could not go on. */
  record Failed() implements AgentState {

    @Override
    public Phase phase() {
      return Phase.FAILED;
    }
  }
}
