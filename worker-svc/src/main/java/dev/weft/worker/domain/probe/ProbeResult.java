package dev.weft.worker.domain.probe;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One probe of one layer.
 *
 * @param number of this layer and incarnation, from 1
 * @param begun on the worker's monotonic clock
 */
public record ProbeResult(long number, long begun, List<ProbeFinding> findings) {

  public ProbeResult {
    findings = List.copyOf(findings);
  }

  public boolean good() {
    return findings.stream().allMatch(ProbeFinding::well);
  }

  /** All that is wrong; empty if nothing is. */
  public String complaint() {
    return findings.stream()
        .filter(finding -> !finding.well())
        .map(finding -> finding.subject() + ": " + finding.fault())
        .collect(Collectors.joining("; "));
  }
}
