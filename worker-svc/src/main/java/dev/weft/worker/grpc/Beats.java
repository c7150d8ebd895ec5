package dev.weft.worker.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.heartbeat.v1.CompletedWork;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatAck;
import dev.weft.proto.workers.v1.ActivityStatus;
import dev.weft.proto.workers.v1.WorkerLoad;
import dev.weft.worker.app.HostLoad;
import dev.weft.worker.app.Tally;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.WorkView.Activity;
import dev.weft.worker.app.probe.Probing;
import dev.weft.worker.domain.probe.ProbeLayer;
import dev.weft.worker.domain.probe.ProbeResult;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the beats of one stream: each with what has changed since the last. Not safe for threads.
 */
final class Beats {

  private static final double ROUNDING = 100.0;

  private final Ticker ticker;
  private final Probing probing;
  private final Map<ProbeLayer, Long> toldProbes = new EnumMap<>(ProbeLayer.class);
  private long number;
  private @Nullable WorkerLoad lastLoad;
  private @Nullable CompletedWork lastDone;
  private @Nullable Timestamp serverTime;
  private long serverTimeAt;
  private long acknowledgedAt;

  Beats(Ticker ticker, Probing probing) {
    this.ticker = ticker;
    this.probing = probing;
    this.acknowledgedAt = ticker.nanos();
  }

  Heartbeat next(WorkView work, HostLoad host) {
    Heartbeat.Builder beat = Heartbeat.newBuilder().setNumber(++number);
    WorkerLoad load = load(work, host);
    if (!load.equals(lastLoad)) {
      beat.setLoad(load);
      lastLoad = load;
    }
    CompletedWork done = done(work.done());
    if (!done.equals(lastDone)) {
      beat.setCompletedTotal(done);
      lastDone = done;
    }
    if (serverTime != null) {
      beat.setEchoServerTime(serverTime);
      beat.setEchoHeld(Durations.toProto(Duration.ofNanos(ticker.nanos() - serverTimeAt)));
    }
    for (ProbeLayer layer : ProbeLayer.values()) {
      List<ProbeResult> news = probing.after(layer, toldProbes.getOrDefault(layer, 0L));
      if (!news.isEmpty()) {
        beat.addProbes(ProbeProtoMapper.report(layer, news, ticker.nanos()));
        toldProbes.put(layer, news.getLast().number());
      }
    }
    return beat.setDraining(work.draining()).build();
  }

  void acknowledged(HeartbeatAck ack) {
    serverTime = ack.getServerTime();
    serverTimeAt = ticker.nanos();
    acknowledgedAt = serverTimeAt;
  }

  /** How long nothing has been acknowledged. */
  Duration silence() {
    return Duration.ofNanos(ticker.nanos() - acknowledgedAt);
  }

  private static WorkerLoad load(WorkView work, HostLoad host) {
    return WorkerLoad.newBuilder()
        .setStatus(status(work.activity()))
        .setSlotsTotal(work.slotsTotal())
        .setSlotsUsed(work.slotsUsed())
        .setCpu(rounded(host.cpu()))
        .setMemory(rounded(host.memory()))
        .setDisk(rounded(host.disk()))
        .addAllRunningTaskIds(work.runningTasks())
        .build();
  }

  private static ActivityStatus status(Activity activity) {
    return switch (activity) {
      case IDLE -> ActivityStatus.ACTIVITY_STATUS_IDLE;
      case EXECUTING -> ActivityStatus.ACTIVITY_STATUS_EXECUTING;
      case FAILED -> ActivityStatus.ACTIVITY_STATUS_FAILED;
    };
  }

  private static CompletedWork done(Tally.Totals totals) {
    return CompletedWork.newBuilder()
        .setSucceeded(totals.succeeded())
        .setFailed(totals.failed())
        .setBusy(Durations.toProto(totals.busy()))
        .setCostMicros(totals.costMicros())
        .build();
  }

  /** A hundredth is as much as anybody decides by, and a quiet machine then sends nothing new. */
  private static double rounded(double value) {
    return Math.round(Math.clamp(value, 0.0, 1.0) * ROUNDING) / ROUNDING;
  }
}
