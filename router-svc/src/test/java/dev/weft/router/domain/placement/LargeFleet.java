package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerSlot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Thousands of unlike workers on which everything happens that may. */
final class LargeFleet {

  static final Resources CORE = new Resources(1_000, 0, 0, 0);

  final Random random;
  private final Map<Integer, WorkerSlot> slots = new TreeMap<>();
  private final List<WorkerSlot> taken = new ArrayList<>();
  private int joined;

  /** Changes whenever the answer of the filter may. */
  long version;

  LargeFleet(long seed, int size) {
    random = new Random(seed);
    for (int i = 0; i < size; i++) {
      join();
    }
  }

  Collection<WorkerSlot> slots() {
    return slots.values();
  }

  /** Something happens: mostly to loads, sometimes to who is there. */
  void event() {
    WorkerSlot slot = any();
    switch (random.nextInt(24)) {
      case 0 -> slot.held(!slot.held());
      case 1 -> slot.credit().capacity(capacity(slot.credit().capacity().number() + 1));
      case 2 -> slot.responses().add("shell", random.nextInt(2_000));
      case 3 -> {
        if (random.nextInt(20) == 0) {
          comeOrGo(slot);
        }
      }
      case 4, 5, 6, 7, 8, 9, 10, 11, 12 -> take(slot);
      default -> giveBack();
    }
  }

  private void comeOrGo(WorkerSlot slot) {
    version++;
    switch (random.nextInt(4)) {
      case 0 -> join();
      case 1 -> slots.remove(slot.ordinal());
      case 2 -> slot.draining(!slot.draining());
      default -> slot.connected(!slot.connected());
    }
  }

  private void join() {
    int number = ++joined;
    WorkerSlot slot =
        Workers.slot(
            Workers.view(
                number,
                Map.of("SHELL_OPERATIONS", random.nextInt(1_001)),
                new Site(
                    "us",
                    random.nextInt(600),
                    random.nextInt(12_000_000),
                    "USD",
                    random.nextBoolean())),
            1);
    slot.credit().capacity(capacity(2));
    slots.put(number, slot);
  }

  private Capacity capacity(long number) {
    int slotsOfIt = random.nextInt(5);
    return new Capacity(
        number,
        new Resources((1 + random.nextInt(4)) * 1_000L, 8L << 30, 0, 0),
        Map.of("shell", slotsOfIt));
  }

  WorkerSlot any() {
    int number = 1 + random.nextInt(joined);
    WorkerSlot found = slots.get(number);
    return found == null ? slots.values().iterator().next() : found;
  }

  void take(WorkerSlot slot) {
    if (slot.hasRoom("shell", CORE)) {
      slot.credit().take("shell", CORE);
      taken.add(slot);
    }
  }

  void giveBack() {
    if (!taken.isEmpty()) {
      taken.remove(random.nextInt(taken.size())).credit().giveBack("shell", CORE);
    }
  }

  void fill() {
    for (WorkerSlot slot : slots.values()) {
      while (slot.hasRoom("shell", CORE)) {
        take(slot);
      }
    }
  }
}
