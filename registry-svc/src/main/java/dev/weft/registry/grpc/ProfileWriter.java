package dev.weft.registry.grpc;

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
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.registry.domain.profile.Machine;
import dev.weft.registry.domain.profile.Sandboxing;
import dev.weft.registry.domain.profile.Skills;

/** A profile as the wire has it. Numbers fit: {@link ProfileReader} let nothing else in. */
final class ProfileWriter {

  private ProfileWriter() {}

  static WorkerProfile write(dev.weft.registry.domain.profile.WorkerProfile profile) {
    WorkerProfile.Builder p =
        WorkerProfile.newBuilder()
            .setName(profile.identity().name())
            .setKind(profile.identity().kind())
            .setVersion(profile.identity().version())
            .putAllLabels(profile.identity().labels())
            .setLocation(location(profile.location()))
            .setPrice(price(profile.price()));
    skills(p, profile.skills());
    machine(p, profile.machine());
    sandboxing(p, profile.sandboxing());
    return p.build();
  }

  private static void skills(WorkerProfile.Builder p, Skills skills) {
    p.addAllExecutors(skills.executors()).addAllQueues(skills.queues());
    skills
        .capabilities()
        .forEach(
            c ->
                p.addCapabilities(
                    Capability.newBuilder().setName(c.name()).setProficiency(c.proficiency())));
    skills
        .llmModels()
        .forEach(
            m ->
                p.addLlmModels(
                    LlmModel.newBuilder()
                        .setModel(m.model())
                        .setMaxContext((int) m.maxContext())
                        .setTokensPerSecond(m.tokensPerSecond())
                        .setConcurrentRequests((int) m.concurrentRequests())));
    skills
        .visionModels()
        .forEach(
            m ->
                p.addVisionModels(
                    VisionModel.newBuilder()
                        .setModel(m.model())
                        .setSupportsOcr(m.supportsOcr())
                        .setSupportsImageGeneration(m.supportsImageGeneration())));
    skills
        .codeAnalysis()
        .forEach(
            a ->
                p.addCodeAnalysis(
                    CodeAnalysis.newBuilder().setTool(a.tool()).addAllLanguages(a.languages())));
    browsers(p, skills);
  }

  private static void browsers(WorkerProfile.Builder p, Skills skills) {
    var browsers = skills.browserAutomation();
    if (browsers != null) {
      p.setBrowserAutomation(
          BrowserAutomation.newBuilder()
              .setTool(browsers.tool())
              .setHeadless(browsers.headless())
              .setVncPort((int) browsers.vncPort())
              .setRecording(browsers.recording())
              .setConcurrentSessions((int) browsers.concurrentSessions()));
    }
  }

  private static void machine(WorkerProfile.Builder p, Machine machine) {
    var h = machine.hardware();
    Hardware.Builder hardware =
        Hardware.newBuilder()
            .setCpuMilli((int) h.cpuMilli())
            .setMemoryBytes(h.memoryBytes())
            .setDiskBytes(h.diskBytes());
    h.gpus()
        .forEach(
            g ->
                hardware.addGpus(
                    Gpu.newBuilder().setModel(g.model()).setMemoryBytes(g.memoryBytes())));
    p.setHardware(hardware);
    var n = machine.network();
    if (n != null) {
      p.setNetwork(
          NetworkCapability.newBuilder()
              .setBandwidthMbps((int) n.bandwidthMbps())
              .setProxySupport(n.proxySupport())
              .setCaptchaSolving(n.captchaSolving()));
    }
    var v = machine.virtualization();
    if (v != null) {
      p.setVirtualization(
          Virtualization.newBuilder()
              .setPlatform(v.platform())
              .setConcurrentVms((int) v.concurrentVms())
              .setBootTime(ProtoValues.toProto(v.bootTime()))
              .setSnapshotSupport(v.snapshotSupport()));
    }
  }

  private static void sandboxing(WorkerProfile.Builder p, Sandboxing sandboxing) {
    p.setSandboxLevel(
            switch (sandboxing.level()) {
              case NONE -> SandboxLevel.SANDBOX_LEVEL_NONE;
              case LANDLOCK -> SandboxLevel.SANDBOX_LEVEL_LANDLOCK;
              case BUBBLEWRAP -> SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP;
              case MICROVM -> SandboxLevel.SANDBOX_LEVEL_MICROVM;
            })
        .setLimitsScope(sandboxing.limitsScope().text())
        .setNetworkOpen(sandboxing.networkOpen());
    var isolation = sandboxing.isolation();
    if (isolation != null) {
      p.setIsolation(
          Isolation.newBuilder()
              .setNetwork(isolation.network())
              .setFilesystem(isolation.filesystem()));
    }
    var limits = sandboxing.taskLimits();
    if (limits != null) {
      p.setTaskLimits(
          TaskLimits.newBuilder()
              .setMaxMemoryBytes(limits.maxMemoryBytes())
              .setMaxCpuMilli((int) limits.maxCpuMilli())
              .setMaxDiskBytes(limits.maxDiskBytes()));
    }
  }

  private static Location location(dev.weft.registry.domain.profile.Location location) {
    return Location.newBuilder()
        .setRegion(location.region())
        .setSite(location.site())
        .setLatency(ProtoValues.toProto(location.latency()))
        .build();
  }

  private static Price price(dev.weft.registry.domain.profile.Price price) {
    return Price.newBuilder()
        .setMicrosPerHour(price.microsPerHour())
        .setCurrencyCode(price.currencyCode())
        .build();
  }
}
