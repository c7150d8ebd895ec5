package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.health.ProbeResult;
import dev.weft.registry.domain.report.CompletedWork;
import dev.weft.registry.domain.report.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One beat; what is null is as before.
 *
 * @param probes what the worker has found since, oldest first of each layer
 */
public record Beat(
    @Nullable WorkerLoad load,
    @Nullable CompletedWork total,
    boolean draining,
    @Nullable Echo echo,
    List<ProbeResult> probes) {

  public Beat {
    probes = List.copyOf(probes);
  }

  /** The server time of an ack, given back with how long the worker kept it. */
  public record Echo(Instant serverTime, Duration held) {}
}
