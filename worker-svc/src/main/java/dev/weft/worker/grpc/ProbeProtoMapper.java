package dev.weft.worker.grpc;

import dev.weft.proto.internal.heartbeat.v1.HeartbeatWelcome;
import dev.weft.proto.internal.heartbeat.v1.ProbeFinding;
import dev.weft.proto.internal.heartbeat.v1.ProbeReport;
import dev.weft.worker.domain.probe.ProbeLayer;
import dev.weft.worker.domain.probe.ProbePlan;
import dev.weft.worker.domain.probe.ProbeResult;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is to be asked and what was found, between the wire and the domain. */
final class ProbeProtoMapper {

  /** The feature by which both sides say that they know all this. */
  static final String FEATURE = "probes";

  private ProbeProtoMapper() {}

  /** A layer of a later protocol, or a plan that makes no sense, is not asked. */
  static Map<ProbeLayer, ProbePlan> plans(HeartbeatWelcome welcome) {
    Map<ProbeLayer, ProbePlan> plans = new EnumMap<>(ProbeLayer.class);
    for (var plan : welcome.getProbesList()) {
      Duration interval = Durations.fromProto(plan.getInterval());
      Duration timeout = Durations.fromProto(plan.getTimeout());
      if (timeout.isPositive() && timeout.compareTo(interval) <= 0) {
        switch (plan.getLayer()) {
          case PROBE_LAYER_APPLICATION ->
              plans.put(ProbeLayer.APPLICATION, new ProbePlan(interval, timeout));
          case PROBE_LAYER_DEEP -> plans.put(ProbeLayer.DEEP, new ProbePlan(interval, timeout));
          case PROBE_LAYER_UNSPECIFIED, UNRECOGNIZED -> {
            // Of a later protocol.
          }
        }
      }
    }
    return plans;
  }

  static ProbeReport report(ProbeLayer layer, List<ProbeResult> results, long now) {
    ProbeReport.Builder report =
        ProbeReport.newBuilder()
            .setLayer(
                switch (layer) {
                  case APPLICATION ->
                      dev.weft.proto.internal.heartbeat.v1.ProbeLayer.PROBE_LAYER_APPLICATION;
                  case DEEP -> dev.weft.proto.internal.heartbeat.v1.ProbeLayer.PROBE_LAYER_DEEP;
                });
    results.forEach(result -> report.addResults(result(result, now)));
    return report.build();
  }

  private static dev.weft.proto.internal.heartbeat.v1.ProbeResult result(
      ProbeResult result, long now) {
    var written =
        dev.weft.proto.internal.heartbeat.v1.ProbeResult.newBuilder()
            .setNumber(result.number())
            .setAge(Durations.toProto(Duration.ofNanos(Math.max(0, now - result.begun()))));
    result
        .findings()
        .forEach(
            finding ->
                written.addFindings(
                    ProbeFinding.newBuilder()
                        .setSubject(finding.subject())
                        .setShared(finding.shared())
                        .setFault(finding.fault())));
    return written.build();
  }
}
