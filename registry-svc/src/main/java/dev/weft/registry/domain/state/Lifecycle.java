package dev.weft.registry.domain.state;

import dev.weft.registry.domain.health.HealthVerdict;
import dev.weft.registry.domain.state.WorkerState.Connected;
import dev.weft.registry.domain.state.WorkerState.Drained;
import dev.weft.registry.domain.state.WorkerState.Draining;
import dev.weft.registry.domain.state.WorkerState.Offline;
import dev.weft.registry.domain.state.WorkerState.Ready;
import dev.weft.registry.domain.state.WorkerState.Unhealthy;

/** Moves a worker's state along legal transitions to where what is known of the worker puts it. */
public final class Lifecycle {

  private Lifecycle() {}

  /** What is known of a connected worker. */
  public record Signs(HealthVerdict verdict, boolean draining, boolean busy) {}

  /** A beat has come: an offline worker is back. */
  public static WorkerState onBeat(WorkerState state, Signs signs) {
    return switch (state) {
      case Offline offline -> settle(offline.connected(), signs);
      case Connected connected -> settle(connected, signs);
    };
  }

  /** Time has passed: an offline worker stays so. */
  public static WorkerState onTime(WorkerState state, Signs signs) {
    return switch (state) {
      case Offline offline -> offline;
      case Connected connected -> settle(connected, signs);
    };
  }

  public static WorkerState onLoss(WorkerState state, String why) {
    return switch (state) {
      case Offline offline -> offline;
      case Connected connected -> connected.disconnected(why);
    };
  }

  private static WorkerState settle(Connected state, Signs signs) {
    return switch (signs.verdict()) {
      case HealthVerdict.Unhealthy(String reason) -> fallen(state, reason);
      case HealthVerdict.Healthy() -> well(state, signs);
    };
  }

  private static WorkerState fallen(Connected state, String reason) {
    return switch (state) {
      case Ready ready -> ready.unhealthy(reason);
      case Draining draining -> draining.unhealthy(reason);
      case Drained drained -> drained.unhealthy(reason);
      case Unhealthy unhealthy ->
          unhealthy.reason().equals(reason) ? unhealthy : unhealthy.worsened(reason);
    };
  }

  private static WorkerState well(Connected state, Signs signs) {
    return switch (state) {
      case Ready ready -> signs.draining() ? well(ready.draining(), signs) : ready;
      case Unhealthy unhealthy -> well(unhealthy.recovered(), signs);
      case Draining draining -> {
        if (!signs.draining()) {
          yield draining.resumed();
        }
        yield signs.busy() ? draining : draining.drained();
      }
      case Drained drained -> {
        if (!signs.draining()) {
          yield drained.resumed();
        }
        yield signs.busy() ? drained.busyAgain() : drained;
      }
    };
  }
}
