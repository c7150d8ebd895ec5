package dev.weft.registry.grpc;

import dev.weft.proto.workers.v1.HealthLayer;
import dev.weft.proto.workers.v1.HealthLoops;
import dev.weft.proto.workers.v1.HealthMetrics;
import dev.weft.registry.domain.fleet.WorkerHealth;
import dev.weft.registry.domain.health.HealthGrade;
import dev.weft.registry.domain.health.LayerVerdict;
import dev.weft.registry.domain.report.WorkerLoad;

/** A worker's health as the wire has it: the body of a health page, and what it rests on. */
final class HealthWriter {

  private static final double PERCENT = 100;

  private HealthWriter() {}

  static dev.weft.proto.workers.v1.WorkerHealth write(WorkerHealth health) {
    WorkerLoad load = health.view().live().load();
    boolean out = health.grade() == HealthGrade.OUT;
    int running = load.runningTaskIds().size();
    var body =
        dev.weft.proto.workers.v1.WorkerHealth.newBuilder()
            .setStatus(status(health.grade()))
            .setInstanceId(health.view().id().text())
            .setTimestamp(ProtoValues.toProto(health.view().live().lastSeen()))
            .setMetrics(metrics(load))
            .setLoops(HealthLoops.newBuilder().setRunning(running).setHealthy(out ? 0 : running))
            .setGrade(grade(health.grade()))
            .setAge(ProtoValues.toProto(health.age()))
            .setReason(health.reason());
    for (String executor : health.view().profile().skills().executors()) {
      body.putServices(executor, out ? "unavailable" : "ready");
    }
    health
        .report()
        .services()
        .forEach((name, well) -> body.putServices(name, well ? "connected" : "unreachable"));
    health.report().layers().forEach(layer -> body.addLayers(layer(layer)));
    return body.build();
  }

  private static HealthMetrics metrics(WorkerLoad load) {
    return HealthMetrics.newBuilder()
        .setCpuPercent(load.usage().cpu() * PERCENT)
        .setMemoryPercent(load.usage().memory() * PERCENT)
        .setDiskPercent(load.usage().disk() * PERCENT)
        .setActiveConnections((int) load.slotsUsed())
        .build();
  }

  private static HealthLayer layer(LayerVerdict layer) {
    HealthLayer.Builder written =
        HealthLayer.newBuilder()
            .setName(layer.layer())
            .setGrade(grade(layer.grade()))
            .setFailures(layer.failures().now())
            .setFailureThreshold(layer.failures().threshold())
            .setRecoveries(layer.recoveries().now())
            .setRecoveryThreshold(layer.recoveries().threshold())
            .setAge(ProtoValues.toProto(layer.age()))
            .setReason(layer.reason());
    layer
        .lastError()
        .ifPresent(
            error ->
                written
                    .setLastError(error.text())
                    .setLastErrorAge(ProtoValues.toProto(error.age())));
    return written.build();
  }

  private static String status(HealthGrade grade) {
    return switch (grade) {
      case ELIGIBLE -> "healthy";
      case DEGRADED -> "degraded";
      case OUT -> "unhealthy";
    };
  }

  private static dev.weft.proto.workers.v1.HealthGrade grade(HealthGrade grade) {
    return switch (grade) {
      case ELIGIBLE -> dev.weft.proto.workers.v1.HealthGrade.HEALTH_GRADE_ELIGIBLE;
      case DEGRADED -> dev.weft.proto.workers.v1.HealthGrade.HEALTH_GRADE_DEGRADED;
      case OUT -> dev.weft.proto.workers.v1.HealthGrade.HEALTH_GRADE_OUT;
    };
  }
}
