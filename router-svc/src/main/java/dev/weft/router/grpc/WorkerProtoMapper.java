package dev.weft.router.grpc;

import dev.weft.proto.workers.v1.Capability;
import dev.weft.proto.workers.v1.Gpu;
import dev.weft.proto.workers.v1.LlmModel;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Machine;
import dev.weft.router.domain.fleet.PlaceRule;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerView;
import java.util.Set;
import java.util.stream.Collectors;

/** The registry's workers as placement looks at them. */
final class WorkerProtoMapper {

  private WorkerProtoMapper() {}

  static WorkerView view(Worker worker, PlaceRule places) {
    WorkerProfile profile = worker.getProfile();
    return new WorkerView(
        WireIds.worker(worker.getId()),
        profile.getName(),
        new Verdict(status(worker), worker.getStateReason()),
        skills(profile),
        machine(profile),
        site(profile, places));
  }

  private static Verdict.Status status(Worker worker) {
    return switch (worker.getState()) {
      case WORKER_STATE_READY -> Verdict.Status.READY;
      case WORKER_STATE_UNHEALTHY -> Verdict.Status.UNHEALTHY;
      case WORKER_STATE_DRAINING -> Verdict.Status.DRAINING;
      case WORKER_STATE_DRAINED -> Verdict.Status.DRAINED;
      // a state that this version doesn't know must not get work
      case WORKER_STATE_OFFLINE, WORKER_STATE_UNSPECIFIED, UNRECOGNIZED -> Verdict.Status.OFFLINE;
    };
  }

  private static Skills skills(WorkerProfile profile) {
    return new Skills(
        profile.getCapabilitiesList().stream()
            .collect(
                Collectors.toMap(
                    Capability::getName,
                    capability -> (int) Math.round(capability.getProficiency() * 1_000),
                    Math::max)),
        Set.copyOf(profile.getExecutorsList()),
        profile.getLlmModelsList().stream()
            .collect(Collectors.toMap(LlmModel::getModel, LlmModel::getMaxContext, Math::max)),
        Set.copyOf(profile.getQueuesList()));
  }

  private static Machine machine(WorkerProfile profile) {
    long gpuMemory =
        profile.getHardware().getGpusList().stream().mapToLong(Gpu::getMemoryBytes).max().orElse(0);
    var limits = profile.getTaskLimits();
    return new Machine(
        gpuMemory,
        new Resources(
            Integer.toUnsignedLong(limits.getMaxCpuMilli()),
            limits.getMaxMemoryBytes(),
            limits.getMaxDiskBytes(),
            0),
        new Isolation(sandbox(profile), profile.getNetworkOpen()));
  }

  private static SandboxLevel sandbox(WorkerProfile profile) {
    return switch (profile.getSandboxLevel()) {
      case SANDBOX_LEVEL_LANDLOCK -> SandboxLevel.LANDLOCK;
      case SANDBOX_LEVEL_BUBBLEWRAP -> SandboxLevel.BUBBLEWRAP;
      case SANDBOX_LEVEL_MICROVM -> SandboxLevel.MICROVM;
      case SANDBOX_LEVEL_NONE, SANDBOX_LEVEL_UNSPECIFIED, UNRECOGNIZED -> SandboxLevel.NONE;
    };
  }

  private static Site site(WorkerProfile profile, PlaceRule places) {
    var location = profile.getLocation();
    return new Site(
        location.getRegion(),
        Math.toIntExact(Math.min(Integer.MAX_VALUE, SpecProtoMapper.millis(location.getLatency()))),
        profile.getPrice().getMicrosPerHour(),
        profile.getPrice().getCurrencyCode(),
        places.cloud(
            profile.getLabelsOrDefault(PlaceRule.LABEL, ""),
            location.getRegion(),
            profile.getPrice().getMicrosPerHour()));
  }
}
