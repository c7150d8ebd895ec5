package dev.weft.registry.domain.health;

import dev.weft.registry.domain.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one probe of a worker has found.
 *
 * @param number of this layer and incarnation, from 1
 * @param age since it began, when it was told
 */
public record ProbeResult(
    ProbedLayer layer, long number, Duration age, List<ProbeResult.Finding> findings) {

  private static final int MOST_FINDINGS = 16;
  private static final int LONGEST_SUBJECT = 64;
  private static final int LONGEST_FAULT = 300;

  /**
   * One thing that was asked.
   *
   * @param shared it is a service that all workers ask
   * @param fault empty if it is well
   */
  public record Finding(String subject, boolean shared, String fault) {

    public Finding {
      Check.text("subject", subject, LONGEST_SUBJECT);
      Check.textOrEmpty("fault", fault, LONGEST_FAULT);
    }

    boolean failed() {
      return !fault.isEmpty();
    }
  }

  public ProbeResult {
    Check.within("number", number, 1, Long.MAX_VALUE);
    Check.within("age.seconds", age.toSeconds(), 0, Duration.ofDays(366).toSeconds());
    findings = Check.distinct("findings", findings, MOST_FINDINGS, Finding::subject);
  }

  List<Finding> faults() {
    return findings.stream().filter(Finding::failed).toList();
  }

  /** All that is wrong; empty if nothing is. */
  String complaint() {
    return faults().stream()
        .map(finding -> finding.subject() + ": " + finding.fault())
        .collect(Collectors.joining("; "));
  }
}
