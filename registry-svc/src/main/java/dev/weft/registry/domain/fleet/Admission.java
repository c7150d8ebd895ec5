package dev.weft.registry.domain.fleet;

import java.util.OptionalLong;

/** What became of a hello. */
public sealed interface Admission {

  /**
   * The worker is in; it stays OFFLINE until its first beat.
   *
   * @param session names this connection in everything that follows
   * @param replaced the worker's session before, which is over
   */
  record Admitted(long session, OptionalLong replaced) implements Admission {}

  /** A newer incarnation of this worker has been here. */
  record Superseded(long newest) implements Admission {}

  /** Another connected worker bears the name. */
  record NameTaken(String name) implements Admission {}

  /** The fleet has as many workers as it may have. */
  record FleetFull(int most) implements Admission {}
}
