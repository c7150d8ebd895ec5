package dev.weft.registry.testing;

import com.google.protobuf.Duration;
import dev.weft.proto.tasks.v1.SandboxLevel;
import dev.weft.proto.workers.v1.Capability;
import dev.weft.proto.workers.v1.Hardware;
import dev.weft.proto.workers.v1.LlmModel;
import dev.weft.proto.workers.v1.Location;
import dev.weft.proto.workers.v1.Price;
import dev.weft.proto.workers.v1.WorkerProfile;

/** Profiles as workers send them. */
public final class WireProfiles {

  private WireProfiles() {}

  public static WorkerProfile gpu(String name) {
    return WorkerProfile.newBuilder()
        .setName(name)
        .setKind("gpu")
        .setVersion("0.1.0")
        .addCapabilities(Capability.newBuilder().setName("CODING").setProficiency(0.95))
        .setHardware(
            Hardware.newBuilder()
                .setCpuMilli(128_000)
                .setMemoryBytes(1L << 39)
                .setDiskBytes(1L << 41))
        .setLocation(
            Location.newBuilder()
                .setRegion("ap-northeast-1")
                .setSite("Tokyo, Japan")
                .setLatency(Duration.newBuilder().setNanos(45_000_000)))
        .setPrice(Price.newBuilder().setMicrosPerHour(12_000_000).setCurrencyCode("USD"))
        .addExecutors("shell")
        .setSandboxLevel(SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP)
        .setLimitsScope("tree")
        .addLlmModels(
            LlmModel.newBuilder()
                .setModel("qwen3-235b")
                .setMaxContext(128_000)
                .setTokensPerSecond(50)
                .setConcurrentRequests(8))
        .build();
  }
}
