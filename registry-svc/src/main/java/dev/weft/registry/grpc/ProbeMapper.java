package dev.weft.registry.grpc;

import static dev.weft.registry.grpc.ProtoValues.duration;
import static dev.weft.registry.grpc.ProtoValues.each;

import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.ProbeFinding;
import dev.weft.proto.internal.heartbeat.v1.ProbeLayer;
import dev.weft.proto.internal.heartbeat.v1.ProbePlan;
import dev.weft.proto.internal.heartbeat.v1.ProbeReport;
import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import dev.weft.registry.domain.health.HealthPolicy;
import dev.weft.registry.domain.health.ProbeResult;
import dev.weft.registry.domain.health.ProbeRule;
import dev.weft.registry.domain.health.ProbedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a worker is to ask itself, and what it says that it found. */
final class ProbeMapper {

  /** Two layers, and room for some of a later version. */
  private static final int MOST_REPORTS = 8;

  private static final int MOST_RESULTS = 16;

  private ProbeMapper() {}

  static List<ProbePlan> plans(HealthPolicy policy) {
    return Stream.of(ProbedLayer.values()).map(layer -> plan(layer, policy.rule(layer))).toList();
  }

  private static ProbePlan plan(ProbedLayer layer, ProbeRule rule) {
    return ProbePlan.newBuilder()
        .setLayer(
            switch (layer) {
              case APPLICATION -> ProbeLayer.PROBE_LAYER_APPLICATION;
              case DEEP -> ProbeLayer.PROBE_LAYER_DEEP;
            })
        .setInterval(ProtoValues.toProto(rule.interval()))
        .setTimeout(ProtoValues.toProto(rule.timeout()))
        .build();
  }

  /** A layer that this build does not know is passed over. */
  static List<ProbeResult> results(Heartbeat beat) {
    if (beat.getProbesCount() > MOST_REPORTS) {
      throw new InvalidFieldException(
          "probes", beat.getProbesCount() + " entries", "at most " + MOST_REPORTS);
    }
    List<ProbeResult> results = new ArrayList<>();
    each("probes", beat.getProbesList(), ProbeMapper::report).forEach(results::addAll);
    return results;
  }

  private static List<ProbeResult> report(ProbeReport report) {
    Optional<ProbedLayer> layer = layer(report.getLayer());
    if (layer.isEmpty()) {
      return List.of();
    }
    Check.within("results", report.getResultsCount(), 0, MOST_RESULTS);
    return each("results", report.getResultsList(), result -> read(layer.get(), result));
  }

  private static ProbeResult read(
      ProbedLayer layer, dev.weft.proto.internal.heartbeat.v1.ProbeResult result) {
    return new ProbeResult(
        layer,
        result.getNumber(),
        duration("age", result.getAge()),
        each("findings", result.getFindingsList(), ProbeMapper::finding));
  }

  private static ProbeResult.Finding finding(ProbeFinding finding) {
    return new ProbeResult.Finding(finding.getSubject(), finding.getShared(), finding.getFault());
  }

  private static Optional<ProbedLayer> layer(ProbeLayer layer) {
    return switch (layer) {
      case PROBE_LAYER_APPLICATION -> Optional.of(ProbedLayer.APPLICATION);
      case PROBE_LAYER_DEEP -> Optional.of(ProbedLayer.DEEP);
      case PROBE_LAYER_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }
}
