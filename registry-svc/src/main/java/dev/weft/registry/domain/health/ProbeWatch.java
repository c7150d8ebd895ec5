package dev.weft.registry.domain.health;

import dev.weft.registry.domain.health.ProbeResult.Finding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One layer of one worker that the worker asks itself. What fails at the worker puts it out after
 * so many failures in a row; what fails at a service that workers share does so only once others
 * have found that service well meanwhile.
 */
final class ProbeWatch {

  private final ProbedLayer probed;
  private final LayerWatch layer;
  private final Map<String, Streak> services = new HashMap<>();
  private final Set<String> blamed = new HashSet<>();
  private List<Finding> faults = List.of();
  private boolean ownFault;
  private long newest;

  ProbeWatch(ProbedLayer probed, HealthLayer rule, long observed) {
    this.probed = probed;
    this.layer = new LayerWatch(rule, observed);
  }

  /** Takes in what was found; what is known already changes nothing. */
  void take(ProbeResult result, long observed) {
    if (result.number() <= newest) {
      return;
    }
    newest = result.number();
    long asked = observed - result.age().toNanos();
    remember(result, asked);
    faults = result.faults();
    if (faults.isEmpty()) {
      layer.succeeded(asked);
      forgive();
    } else {
      layer.failed(result.complaint(), asked);
      ownFault |= faults.stream().anyMatch(fault -> !fault.shared());
    }
  }

  private void remember(ProbeResult result, long asked) {
    List<Finding> shared = result.findings().stream().filter(Finding::shared).toList();
    if (!shared.isEmpty()) {
      services.keySet().retainAll(shared.stream().map(Finding::subject).toList());
    }
    for (Finding finding : shared) {
      services.compute(
          finding.subject(), (name, before) -> Streak.after(before, !finding.failed(), asked));
    }
  }

  /** So many were good in a row that nothing of the past counts. */
  private void forgive() {
    if (layer.verdict() == null) {
      ownFault = false;
      blamed.clear();
    }
  }

  /** Whether others have to be heard before it is known whose fault it is. */
  boolean suspected() {
    return layer.verdict() != null && !faults.isEmpty() && !out();
  }

  void testify(Census census) {
    services.forEach((name, streak) -> census.add(name, streak, blamed.contains(name)));
  }

  void weigh(Census census) {
    for (Finding fault : faults) {
      Streak streak = services.get(fault.subject());
      if (streak != null && census.contradicts(fault.subject(), streak)) {
        blamed.add(fault.subject());
      }
    }
  }

  private boolean out() {
    return layer.verdict() != null && (ownFault || !blamed.isEmpty());
  }

  /** Null unless the layer is out, and by the worker's own fault. */
  HealthVerdict.@Nullable Unhealthy verdict() {
    return out() ? layer.verdict() : null;
  }

  /** As it stands for those who ask; nothing before the first probe. */
  Optional<LayerVerdict> shown(long observed) {
    if (newest == 0) {
      return Optional.empty();
    }
    LayerVerdict counted = layer.shown(probed.text(), observed);
    return Optional.of(
        counted.grade() == HealthGrade.OUT && !out() ? counted.heldToBeShared() : counted);
  }

  /** Which of the services that it asks answered it well when it last asked. */
  Map<String, Boolean> services() {
    Map<String, Boolean> well = new HashMap<>();
    services.forEach((name, streak) -> well.put(name, streak.well()));
    return well;
  }
}
