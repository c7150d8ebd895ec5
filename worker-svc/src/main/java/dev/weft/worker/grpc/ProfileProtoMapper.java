package dev.weft.worker.grpc;

import dev.weft.proto.tasks.v1.SandboxLevel;
import dev.weft.proto.workers.v1.BrowserAutomation;
import dev.weft.proto.workers.v1.Capability;
import dev.weft.proto.workers.v1.CodeAnalysis;
import dev.weft.proto.workers.v1.Gpu;
import dev.weft.proto.workers.v1.Hardware;
import dev.weft.proto.workers.v1.Isolation;
import dev.weft.proto.workers.v1.LlmModel;
import dev.weft.proto.workers.v1.Location;
import dev.weft.proto.workers.v1.NetworkCapability;
import dev.weft.proto.workers.v1.Price;
import dev.weft.proto.workers.v1.TaskLimits;
import dev.weft.proto.workers.v1.Virtualization;
import dev.weft.proto.workers.v1.VisionModel;
import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.domain.WorkerProfile.Execution;
import dev.weft.worker.domain.WorkerProfile.Skills;

/** The profile in the wire's words. */
final class ProfileProtoMapper {

  private ProfileProtoMapper() {}

  static dev.weft.proto.workers.v1.WorkerProfile profile(WorkerProfile profile) {
    dev.weft.proto.workers.v1.WorkerProfile.Builder builder =
        dev.weft.proto.workers.v1.WorkerProfile.newBuilder()
            .setName(profile.identity().name())
            .setKind(profile.identity().kind())
            .setVersion(profile.identity().version())
            .putAllLabels(profile.identity().labels())
            .setHardware(hardware(profile.hardware()))
            .setLocation(
                Location.newBuilder()
                    .setRegion(profile.place().region())
                    .setSite(profile.place().site())
                    .setLatency(Durations.toProto(profile.place().latency())))
            .setPrice(
                Price.newBuilder()
                    .setMicrosPerHour(profile.price().microsPerHour())
                    .setCurrencyCode(profile.price().currency()));
    for (WorkerProfile.Capability each : profile.capabilities()) {
      builder.addCapabilities(
          Capability.newBuilder().setName(each.name()).setProficiency(each.proficiency()));
    }
    addExecution(builder, profile.execution());
    addModels(builder, profile.skills());
    addMachines(builder, profile.skills());
    return builder.build();
  }

  static SandboxLevel level(dev.weft.worker.domain.SandboxLevel level) {
    return switch (level) {
      case NONE -> SandboxLevel.SANDBOX_LEVEL_NONE;
      case LANDLOCK -> SandboxLevel.SANDBOX_LEVEL_LANDLOCK;
      case BUBBLEWRAP -> SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP;
      case MICROVM -> SandboxLevel.SANDBOX_LEVEL_MICROVM;
    };
  }

  private static Hardware hardware(WorkerProfile.Hardware hardware) {
    Hardware.Builder builder =
        Hardware.newBuilder()
            .setCpuMilli(hardware.cpuMilli())
            .setMemoryBytes(hardware.memoryBytes())
            .setDiskBytes(hardware.diskBytes());
    for (WorkerProfile.Gpu gpu : hardware.gpus()) {
      builder.addGpus(Gpu.newBuilder().setModel(gpu.model()).setMemoryBytes(gpu.memoryBytes()));
    }
    return builder.build();
  }

  private static void addExecution(
      dev.weft.proto.workers.v1.WorkerProfile.Builder builder, Execution execution) {
    builder
        .addAllExecutors(execution.slots().keySet().stream().sorted().toList())
        .addAllQueues(execution.queues())
        .setSandboxLevel(level(execution.sandboxLevel()))
        .setLimitsScope(execution.limitsScope().text())
        .setNetworkOpen(execution.networkOpen())
        .setIsolation(
            Isolation.newBuilder()
                .setNetwork(execution.isolation().network())
                .setFilesystem(execution.isolation().filesystem()))
        .setTaskLimits(
            TaskLimits.newBuilder()
                .setMaxMemoryBytes(execution.taskLimits().maxMemoryBytes())
                .setMaxCpuMilli(execution.taskLimits().maxCpuMilli())
                .setMaxDiskBytes(execution.taskLimits().maxDiskBytes()));
  }

  private static void addModels(
      dev.weft.proto.workers.v1.WorkerProfile.Builder builder, Skills skills) {
    for (WorkerProfile.LlmModel each : skills.llmModels()) {
      builder.addLlmModels(
          LlmModel.newBuilder()
              .setModel(each.model())
              .setMaxContext(each.maxContext())
              .setTokensPerSecond(each.tokensPerSecond())
              .setConcurrentRequests(each.concurrentRequests()));
    }
    for (WorkerProfile.VisionModel each : skills.visionModels()) {
      builder.addVisionModels(
          VisionModel.newBuilder()
              .setModel(each.model())
              .setSupportsOcr(each.ocr())
              .setSupportsImageGeneration(each.imageGeneration()));
    }
    for (WorkerProfile.CodeAnalysis each : skills.codeAnalysis()) {
      builder.addCodeAnalysis(
          CodeAnalysis.newBuilder().setTool(each.tool()).addAllLanguages(each.languages()));
    }
  }

  private static void addMachines(
      dev.weft.proto.workers.v1.WorkerProfile.Builder builder, Skills skills) {
    skills
        .browser()
        .ifPresent(
            each ->
                builder.setBrowserAutomation(
                    BrowserAutomation.newBuilder()
                        .setTool(each.tool())
                        .setHeadless(each.headless())
                        .setVncPort(each.vncPort())
                        .setRecording(each.recording())
                        .setConcurrentSessions(each.concurrentSessions())));
    skills
        .network()
        .ifPresent(
            each ->
                builder.setNetwork(
                    NetworkCapability.newBuilder()
                        .setBandwidthMbps(each.bandwidthMbps())
                        .setProxySupport(each.proxy())
                        .setCaptchaSolving(each.captchaSolving())));
    skills
        .virtualization()
        .ifPresent(
            each ->
                builder.setVirtualization(
                    Virtualization.newBuilder()
                        .setPlatform(each.platform())
                        .setConcurrentVms(each.concurrentVms())
                        .setBootTime(Durations.toProto(each.bootTime()))
                        .setSnapshotSupport(each.snapshots())));
  }
}
