package dev.weft.bench;

import dev.weft.proto.internal.heartbeat.v1.BeatRequest;
import dev.weft.proto.internal.heartbeat.v1.BeatResponse;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatHello;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatServiceGrpc;
import dev.weft.proto.tasks.v1.SandboxLevel;
import dev.weft.proto.workers.v1.ActivityStatus;
import dev.weft.proto.workers.v1.Capability;
import dev.weft.proto.workers.v1.Hardware;
import dev.weft.proto.workers.v1.Isolation;
import dev.weft.proto.workers.v1.Location;
import dev.weft.proto.workers.v1.Price;
import dev.weft.proto.workers.v1.TaskLimits;
import dev.weft.proto.workers.v1.WorkerLoad;
import dev.weft.proto.workers.v1.WorkerProfile;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The heartbeat stream of a stand-in: the profile once, then a beat a second. */
final class StandInBeats implements StreamObserver<BeatResponse> {

  private static final long EVERY_MILLIS = 1_000;
  private static final long GIGABYTE = 1L << 30;
  private static final int SLOTS = 4;
  private static final double CENT = 100.0;

  private @Nullable StreamObserver<BeatRequest> up;
  private @Nullable ScheduledFuture<?> beating;
  private long number;

  private StandInBeats() {}

  static void open(
      Channel channel, String id, long incarnation, String region, ScheduledExecutorService timer) {
    StandInBeats beats = new StandInBeats();
    StreamObserver<BeatRequest> up = HeartbeatServiceGrpc.newStub(channel).beat(beats);
    up.onNext(
        BeatRequest.newBuilder()
            .setHello(
                HeartbeatHello.newBuilder()
                    .setProtocolVersion(1)
                    .setWorkerId(id)
                    .setIncarnation(incarnation)
                    .setProfile(profile("bench-" + id.substring(id.length() - 12), region)))
            .build());
    // Like real machines, they do not all beat in the same moment.
    long first = ThreadLocalRandom.current().nextLong(EVERY_MILLIS);
    synchronized (beats) {
      beats.up = up;
      beats.beating =
          timer.scheduleAtFixedRate(beats::beat, first, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** A load that changes a little each time, as a machine's does. */
  private synchronized void beat() {
    StreamObserver<BeatRequest> stream = up;
    if (stream != null) {
      number++;
      stream.onNext(
          BeatRequest.newBuilder()
              .setBeat(
                  Heartbeat.newBuilder()
                      .setNumber(number)
                      .setLoad(
                          WorkerLoad.newBuilder()
                              .setStatus(ActivityStatus.ACTIVITY_STATUS_IDLE)
                              .setSlotsTotal(SLOTS)
                              .setCpu(ThreadLocalRandom.current().nextInt(10) / CENT)
                              .setMemory(0.5)
                              .setDisk(0.5)))
              .build());
    }
  }

  @Override
  public void onNext(BeatResponse response) {
    // A welcome or an ack: the beats go on either way.
  }

  @Override
  public void onError(Throwable error) {
    end();
  }

  @Override
  public void onCompleted() {
    end();
  }

  private synchronized void end() {
    up = null;
    if (beating != null) {
      beating.cancel(false);
    }
  }

  private static WorkerProfile profile(String name, String region) {
    return WorkerProfile.newBuilder()
        .setName(name)
        .setKind("sandbox")
        .setVersion("bench")
        .addCapabilities(Capability.newBuilder().setName("SHELL_OPERATIONS").setProficiency(0.9))
        .setHardware(
            Hardware.newBuilder()
                .setCpuMilli(2_000)
                .setMemoryBytes(4 * GIGABYTE)
                .setDiskBytes(10 * GIGABYTE))
        .setLocation(Location.newBuilder().setRegion(region).setSite("benchmark"))
        .setPrice(Price.newBuilder().setMicrosPerHour(100_000).setCurrencyCode("USD"))
        .addExecutors("noop")
        .setSandboxLevel(SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP)
        .setLimitsScope("process")
        .setIsolation(Isolation.newBuilder().setNetwork(true).setFilesystem(true))
        .setTaskLimits(
            TaskLimits.newBuilder()
                .setMaxMemoryBytes(2 * GIGABYTE)
                .setMaxCpuMilli(2_000)
                .setMaxDiskBytes(10 * GIGABYTE))
        .build();
  }
}
