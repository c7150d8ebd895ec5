package dev.weft.registry.grpc;

import static dev.weft.registry.grpc.ProtoValues.at;
import static dev.weft.registry.grpc.ProtoValues.duration;
import static dev.weft.registry.grpc.ProtoValues.each;
import static dev.weft.registry.grpc.ProtoValues.required;
import static dev.weft.registry.grpc.ProtoValues.unsigned;

import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.registry.domain.check.InvalidFieldException;
import dev.weft.registry.domain.profile.BrowserAutomation;
import dev.weft.registry.domain.profile.Capability;
import dev.weft.registry.domain.profile.CodeAnalysis;
import dev.weft.registry.domain.profile.Gpu;
import dev.weft.registry.domain.profile.Hardware;
import dev.weft.registry.domain.profile.Identity;
import dev.weft.registry.domain.profile.Isolation;
import dev.weft.registry.domain.profile.LimitsScope;
import dev.weft.registry.domain.profile.LlmModel;
import dev.weft.registry.domain.profile.Location;
import dev.weft.registry.domain.profile.Machine;
import dev.weft.registry.domain.profile.NetworkCapability;
import dev.weft.registry.domain.profile.Price;
import dev.weft.registry.domain.profile.SandboxLevel;
import dev.weft.registry.domain.profile.Sandboxing;
import dev.weft.registry.domain.profile.Skills;
import dev.weft.registry.domain.profile.TaskLimits;
import dev.weft.registry.domain.profile.Virtualization;
import dev.weft.registry.domain.profile.VisionModel;
import org.jspecify.annotations.Nullable;

/** The profile of the wire as a valid one, or an error that names the field. */
final class ProfileReader {

  private ProfileReader() {}

  static dev.weft.registry.domain.profile.WorkerProfile read(WorkerProfile p) {
    return new dev.weft.registry.domain.profile.WorkerProfile(
        new Identity(p.getName(), p.getKind(), p.getVersion(), p.getLabelsMap()),
        skills(p),
        machine(p),
        sandboxing(p),
        location(p),
        price(p));
  }

  private static Skills skills(WorkerProfile p) {
    return new Skills(
        each(
            "capabilities",
            p.getCapabilitiesList(),
            c -> new Capability(c.getName(), c.getProficiency())),
        p.getExecutorsList(),
        p.getQueuesList(),
        each(
            "llm_models",
            p.getLlmModelsList(),
            m ->
                new LlmModel(
                    m.getModel(),
                    unsigned(m.getMaxContext()),
                    m.getTokensPerSecond(),
                    unsigned(m.getConcurrentRequests()))),
        each(
            "vision_models",
            p.getVisionModelsList(),
            m -> new VisionModel(m.getModel(), m.getSupportsOcr(), m.getSupportsImageGeneration())),
        each(
            "code_analysis",
            p.getCodeAnalysisList(),
            a -> new CodeAnalysis(a.getTool(), a.getLanguagesList())),
        browsers(p));
  }

  private static @Nullable BrowserAutomation browsers(WorkerProfile p) {
    if (!p.hasBrowserAutomation()) {
      return null;
    }
    var b = p.getBrowserAutomation();
    return at(
        "browser_automation",
        () ->
            new BrowserAutomation(
                b.getTool(),
                b.getHeadless(),
                unsigned(b.getVncPort()),
                b.getRecording(),
                unsigned(b.getConcurrentSessions())));
  }

  private static Machine machine(WorkerProfile p) {
    Hardware hardware = required("hardware", p.hasHardware(), () -> hardware(p));
    return new Machine(hardware, network(p), virtualization(p));
  }

  private static Hardware hardware(WorkerProfile p) {
    var h = p.getHardware();
    return new Hardware(
        unsigned(h.getCpuMilli()),
        unsigned("memory_bytes", h.getMemoryBytes()),
        unsigned("disk_bytes", h.getDiskBytes()),
        each(
            "gpus",
            h.getGpusList(),
            g -> new Gpu(g.getModel(), unsigned("memory_bytes", g.getMemoryBytes()))));
  }

  private static @Nullable NetworkCapability network(WorkerProfile p) {
    if (!p.hasNetwork()) {
      return null;
    }
    var n = p.getNetwork();
    return at(
        "network",
        () ->
            new NetworkCapability(
                unsigned(n.getBandwidthMbps()), n.getProxySupport(), n.getCaptchaSolving()));
  }

  private static @Nullable Virtualization virtualization(WorkerProfile p) {
    if (!p.hasVirtualization()) {
      return null;
    }
    var v = p.getVirtualization();
    return at(
        "virtualization",
        () ->
            new Virtualization(
                v.getPlatform(),
                unsigned(v.getConcurrentVms()),
                duration("boot_time", v.getBootTime()),
                v.getSnapshotSupport()));
  }

  private static Sandboxing sandboxing(WorkerProfile p) {
    return new Sandboxing(
        level(p), LimitsScope.of(p.getLimitsScope()), p.getNetworkOpen(), isolation(p), limits(p));
  }

  private static SandboxLevel level(WorkerProfile p) {
    return switch (p.getSandboxLevel()) {
      case SANDBOX_LEVEL_NONE -> SandboxLevel.NONE;
      case SANDBOX_LEVEL_LANDLOCK -> SandboxLevel.LANDLOCK;
      case SANDBOX_LEVEL_BUBBLEWRAP -> SandboxLevel.BUBBLEWRAP;
      case SANDBOX_LEVEL_MICROVM -> SandboxLevel.MICROVM;
      case SANDBOX_LEVEL_UNSPECIFIED, UNRECOGNIZED ->
          throw new InvalidFieldException(
              "sandbox_level", p.getSandboxLevelValue(), "a level that this mesh knows");
    };
  }

  private static @Nullable Isolation isolation(WorkerProfile p) {
    return p.hasIsolation()
        ? new Isolation(p.getIsolation().getNetwork(), p.getIsolation().getFilesystem())
        : null;
  }

  private static @Nullable TaskLimits limits(WorkerProfile p) {
    if (!p.hasTaskLimits()) {
      return null;
    }
    var l = p.getTaskLimits();
    return at(
        "task_limits",
        () ->
            new TaskLimits(
                unsigned("max_memory_bytes", l.getMaxMemoryBytes()),
                unsigned(l.getMaxCpuMilli()),
                unsigned("max_disk_bytes", l.getMaxDiskBytes())));
  }

  private static Location location(WorkerProfile p) {
    var l = p.getLocation();
    return required(
        "location",
        p.hasLocation(),
        () -> new Location(l.getRegion(), l.getSite(), duration("latency", l.getLatency())));
  }

  private static Price price(WorkerProfile p) {
    var price = p.getPrice();
    return p.hasPrice()
        ? at("price", () -> new Price(price.getMicrosPerHour(), price.getCurrencyCode()))
        : Price.UNKNOWN;
  }
}
