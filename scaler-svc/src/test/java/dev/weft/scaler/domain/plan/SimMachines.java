package dev.weft.scaler.domain.plan;

import dev.weft.scaler.domain.plan.WorkerSeen.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Machines, the workers on them, a registry that sees them late, and a placer. */
final class SimMachines {

  /** The registry keeps a worker's state so long after its stream closed. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final RandomGenerator random;
  private final Map<String, Machine> running = new TreeMap<>();
  private final Map<String, Shown> registry = new HashMap<>();
  private Instant now = Instant.EPOCH;
  private int lives;

  /** How long a start takes, or "never". */
  Duration slowest = Duration.ofSeconds(5);

  /** Lives end by themselves within this time; null: they do not. */
  @Nullable Duration shortLife;

  boolean registryHeard = true;

  private static final class Machine {
    String handle = "";
    Instant ready = Instant.MAX;
    Instant dies = Instant.MAX;
    Instant drainDeadline = Instant.MAX;
    boolean draining;
    boolean frozen;
    int leases;
  }

  private record Shown(Standing standing, Instant since, Instant goneSince) {}

  SimMachines(RandomGenerator random) {
    this.random = random;
  }

  void start(String worker) {
    if (running.containsKey(worker)) {
      return;
    }
    Machine machine = new Machine();
    machine.handle = "life-" + ++lives;
    machine.ready = now.plusMillis(500 + random.nextLong(slowest.toMillis()));
    if (shortLife != null) {
      machine.dies = now.plusMillis(100 + random.nextLong(shortLife.toMillis()));
    }
    running.put(worker, machine);
  }

  void stop(String worker, String handle) {
    Machine machine = running.get(worker);
    if (machine != null && machine.handle.equals(handle) && !machine.frozen) {
      machine.dies = now.plusMillis(random.nextLong(30_000));
    }
  }

  void kill(String worker, String handle) {
    Machine machine = running.get(worker);
    if (machine != null && machine.handle.equals(handle)) {
      running.remove(worker);
    }
  }

  Map<String, String> handles() {
    Map<String, String> handles = new HashMap<>();
    running.forEach((worker, machine) -> handles.put(worker, machine.handle));
    return handles;
  }

  int leases(String worker, String handle) {
    Machine machine = running.get(worker);
    return machine == null || !machine.handle.equals(handle) ? 0 : machine.leases;
  }

  /** What the placer answers to a drain: whether nothing runs there. */
  boolean drain(String worker, Instant deadline) {
    Machine machine = running.get(worker);
    if (machine == null) {
      return true;
    }
    if (!machine.draining) {
      machine.draining = true;
      machine.drainDeadline = deadline;
    }
    return machine.leases == 0;
  }

  void drainByHand() {
    pick().ifPresent(machine -> machine.draining = true);
  }

  void killOne() {
    List<String> names = new ArrayList<>(running.keySet());
    if (!names.isEmpty()) {
      running.remove(names.get(random.nextInt(names.size())));
    }
  }

  void freezeOne() {
    pick().ifPresent(machine -> machine.frozen = true);
  }

  void thawAll() {
    running.values().forEach(machine -> machine.frozen = false);
  }

  private java.util.Optional<Machine> pick() {
    List<Machine> all = new ArrayList<>(running.values());
    return all.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of(all.get(random.nextInt(all.size())));
  }

  void moveTo(Instant time) {
    now = time;
    running.values().removeIf(machine -> !machine.frozen && !now.isBefore(machine.dies));
    for (Machine machine : running.values()) {
      if (!now.isBefore(machine.drainDeadline)) {
        machine.leases = 0; // The placer takes away what still runs.
      }
      boolean serves = !now.isBefore(machine.ready) && !machine.draining && !machine.frozen;
      if (serves && random.nextInt(4) == 0) {
        machine.leases++;
      } else if (machine.leases > 0 && random.nextInt(6) == 0) {
        machine.leases--;
      }
    }
    running.forEach((worker, machine) -> show(worker, standing(machine)));
    registry.keySet().stream()
        .filter(worker -> !running.containsKey(worker))
        .toList()
        .forEach(this::gone);
  }

  private Standing standing(Machine machine) {
    if (now.isBefore(machine.ready) || machine.frozen) {
      return Standing.OFFLINE;
    }
    if (!machine.draining) {
      return Standing.READY;
    }
    return machine.leases == 0 ? Standing.DRAINED : Standing.DRAINING;
  }

  private void show(String worker, Standing standing) {
    Shown before = registry.get(worker);
    if (before == null && standing == Standing.OFFLINE) {
      return;
    }
    if (standing == Standing.OFFLINE) {
      gone(worker);
    } else if (before == null || before.standing() != standing) {
      registry.put(worker, new Shown(standing, now, Instant.MAX));
    } else {
      registry.put(worker, new Shown(standing, before.since(), Instant.MAX));
    }
  }

  private void gone(String worker) {
    Shown before = registry.get(worker);
    if (before == null || before.standing() == Standing.OFFLINE) {
      return;
    }
    Instant since = before.goneSince().equals(Instant.MAX) ? now : before.goneSince();
    boolean over = Duration.between(since, now).compareTo(GRACE) >= 0;
    registry.put(
        worker,
        over
            ? new Shown(Standing.OFFLINE, now, since)
            : new Shown(before.standing(), before.since(), since));
  }

  FleetSight seen() {
    Map<String, WorkerSeen> byName = new HashMap<>();
    registry.forEach(
        (worker, shown) -> {
          Machine machine = running.get(worker);
          byName.put(
              worker,
              new WorkerSeen(
                  "wkr-" + worker,
                  shown.standing(),
                  Duration.between(shown.since(), now),
                  machine == null ? 0 : machine.leases));
        });
    return new FleetSight(registryHeard, byName);
  }
}
