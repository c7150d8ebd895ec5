package dev.weft.registry.grpc;

import static dev.weft.registry.grpc.ProtoValues.at;
import static dev.weft.registry.grpc.ProtoValues.duration;
import static dev.weft.registry.grpc.ProtoValues.instant;
import static dev.weft.registry.grpc.ProtoValues.unsigned;

import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.registry.domain.check.InvalidFieldException;
import dev.weft.registry.domain.fleet.Beat;
import dev.weft.registry.domain.fleet.Beat.Echo;
import dev.weft.registry.domain.report.ActivityStatus;
import dev.weft.registry.domain.report.CompletedWork;
import dev.weft.registry.domain.report.WorkerLoad;
import org.jspecify.annotations.Nullable;

/** A beat of the wire as a valid one, or an error that names the field. */
final class BeatReader {

  private BeatReader() {}

  static Beat read(Heartbeat beat) {
    return new Beat(
        load(beat), total(beat), beat.getDraining(), echo(beat), ProbeMapper.results(beat));
  }

  private static @Nullable WorkerLoad load(Heartbeat beat) {
    return beat.hasLoad() ? at("load", () -> load(beat.getLoad())) : null;
  }

  private static WorkerLoad load(dev.weft.proto.workers.v1.WorkerLoad load) {
    return new WorkerLoad(
        status(load),
        unsigned(load.getSlotsTotal()),
        unsigned(load.getSlotsUsed()),
        new WorkerLoad.Usage(load.getCpu(), load.getMemory(), load.getDisk()),
        load.getRunningTaskIdsList());
  }

  /** A worker that does not say what it does is taken by its slots. */
  private static ActivityStatus status(dev.weft.proto.workers.v1.WorkerLoad load) {
    return switch (load.getStatus()) {
      case ACTIVITY_STATUS_IDLE -> ActivityStatus.IDLE;
      case ACTIVITY_STATUS_EXECUTING -> ActivityStatus.EXECUTING;
      case ACTIVITY_STATUS_FAILED -> ActivityStatus.FAILED;
      case ACTIVITY_STATUS_UNSPECIFIED ->
          load.getSlotsUsed() == 0 ? ActivityStatus.IDLE : ActivityStatus.EXECUTING;
      case UNRECOGNIZED ->
          throw new InvalidFieldException(
              "status", load.getStatusValue(), "idle, executing or failed");
    };
  }

  private static @Nullable CompletedWork total(Heartbeat beat) {
    if (!beat.hasCompletedTotal()) {
      return null;
    }
    var total = beat.getCompletedTotal();
    return at(
        "completed_total",
        () ->
            new CompletedWork(
                unsigned("succeeded", total.getSucceeded()),
                unsigned("failed", total.getFailed()),
                duration("busy", total.getBusy()),
                total.getCostMicros()));
  }

  private static @Nullable Echo echo(Heartbeat beat) {
    return beat.hasEchoServerTime()
        ? new Echo(
            instant("echo_server_time", beat.getEchoServerTime()),
            duration("echo_held", beat.getEchoHeld()))
        : null;
  }
}
