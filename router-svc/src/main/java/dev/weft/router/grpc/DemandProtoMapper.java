package dev.weft.router.grpc;

import dev.weft.proto.internal.cell.v1.ShapeDemand;
import dev.weft.proto.internal.cell.v1.WatchDemandResponse;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.router.app.DemandQueries.Demand;
import dev.weft.router.domain.cell.DemandOfShape;
import java.util.Comparator;

/** Demand as the wire has it. */
final class DemandProtoMapper {

  private static final int MOST_SHAPES = 1_000;
  private static final double MILLI = 1_000;

  private DemandProtoMapper() {}

  static WatchDemandResponse response(Demand demand) {
    WatchDemandResponse.Builder response =
        WatchDemandResponse.newBuilder().setEpoch(demand.epoch());
    demand.shapes().stream()
        .sorted(Comparator.comparingLong(DemandOfShape::queued).reversed())
        .limit(MOST_SHAPES)
        .map(DemandProtoMapper::shape)
        .forEach(response::addShapes);
    return response.build();
  }

  private static ShapeDemand shape(DemandOfShape shape) {
    return ShapeDemand.newBuilder()
        .setRequirements(requirements(shape))
        .setQueue(shape.need().destination().queue())
        .setPriorityClass(priority(shape))
        .setQueued(shape.queued())
        .setRunning(shape.running())
        .setOldest(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(shape.oldestMillis() / 1_000)
                .setNanos((int) (shape.oldestMillis() % 1_000) * 1_000_000))
        .build();
  }

  private static Requirements requirements(DemandOfShape shape) {
    var need = shape.need();
    Requirements.Builder wire =
        Requirements.newBuilder()
            .setRegion(need.destination().region())
            .setLlmModel(need.llm().model())
            .setLlmMinContext(need.llm().minContext())
            .setGpus(need.resources().gpus())
            .setGpuMemoryBytes(need.gpuMemoryBytes());
    need.capabilities()
        .forEach(
            skill ->
                wire.addCapabilities(
                    CapabilityRequirement.newBuilder()
                        .setName(skill.name())
                        .setMinProficiency(skill.minProficiencyMilli() / MILLI)));
    return wire.build();
  }

  private static PriorityClass priority(DemandOfShape shape) {
    return switch (shape.priority()) {
      case P0 -> PriorityClass.PRIORITY_CLASS_P0;
      case P1 -> PriorityClass.PRIORITY_CLASS_P1;
      case P2 -> PriorityClass.PRIORITY_CLASS_P2;
      case P3 -> PriorityClass.PRIORITY_CLASS_P3;
      case P4 -> PriorityClass.PRIORITY_CLASS_P4;
      case P5 -> PriorityClass.PRIORITY_CLASS_P5;
      case P6 -> PriorityClass.PRIORITY_CLASS_P6;
    };
  }
}
