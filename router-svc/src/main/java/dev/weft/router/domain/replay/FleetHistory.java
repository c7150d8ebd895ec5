package dev.weft.router.domain.replay;

import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who was there when.
 *
 * @param events in their order; those at or before a range's start say who was there then
 */
public record FleetHistory(List<FleetEvent> events) {

  private static final Duration STORING = Duration.ofSeconds(5);

  public FleetHistory {
    events = events.stream().sorted(Comparator.comparing(FleetEvent::at)).toList();
  }

  /** The same workers all the time. */
  public static FleetHistory constant(Instant since, List<FleetWorker> workers) {
    return new FleetHistory(
        workers.stream().map(worker -> FleetEvent.there(since, worker)).toList());
  }

  /** Cut to begin at that time with who was there then, and to end before another. */
  public FleetHistory within(Instant since, Instant until) {
    Map<WorkerId, FleetEvent> first = new TreeMap<>();
    List<FleetEvent> later = new ArrayList<>();
    for (FleetEvent event : events) {
      if (event.at().isAfter(since)) {
        if (event.at().isBefore(until)) {
          later.add(event);
        }
      } else if (event.presence() == FleetEvent.Presence.GONE) {
        first.remove(event.worker());
      } else {
        first.put(
            event.worker(),
            new FleetEvent(since, event.worker(), event.presence(), event.profile()));
      }
    }
    List<FleetEvent> all = new ArrayList<>(first.values());
    all.addAll(later);
    return new FleetHistory(all);
  }

  /** Each one's last profile, in the order in which they first came, then of ids. */
  public List<FleetWorker> workers() {
    Map<WorkerId, FleetWorker> last = new LinkedHashMap<>();
    for (FleetEvent event : events) {
      if (event.profile() != null) {
        last.put(event.worker(), event.profile());
      }
    }
    return List.copyOf(last.values());
  }

  /**
   * Whether it knows every worker on which the workload ran by the time it did, but for the moment
   * that a change takes to be stored.
   */
  public boolean covers(Workload workload) {
    Map<WorkerId, Instant> first = new HashMap<>();
    for (FleetEvent event : events) {
      if (event.profile() != null) {
        first.putIfAbsent(event.worker(), event.at());
      }
    }
    return !first.isEmpty()
        && workload.tasks().stream()
            .flatMap(task -> task.runs().stream())
            .filter(run -> run.started().isBefore(workload.until()))
            .allMatch(
                run -> {
                  Instant known = first.get(run.worker());
                  return known != null && !known.isAfter(run.started().plus(STORING));
                });
  }

  /** With more workers from the start. */
  FleetHistory and(Instant since, List<FleetWorker> more) {
    List<FleetEvent> all = new ArrayList<>(constant(since, more).events);
    all.addAll(events);
    return new FleetHistory(all);
  }
}
