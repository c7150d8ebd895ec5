package dev.weft.cli.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One worker of the local mesh, and whom it plays.
 *
 * @param slot its place among those of its guise; decides its name and its ports
 */
record WorkerPlan(Guise guise, int slot) {

  /** How many of a guise there can be: a full pool, and those that are being replaced. */
  static final int SLOTS = 10;

  /** Three unlike machines, each with a pool of its own; more workers are more of the same. */
  enum Guise {
    GPU("gpu-tokyo", 1, 0),
    BROWSER("browser-useast", 3, 1),
    SANDBOX("sandbox-onprem", 1, 2);

    /** How many people may ask for. */
    static final int MOST = 8;

    private final String prefix;
    private final int firstNumber;
    private final int block;

    /**
     * @param block which of the blocks of ports is its own
     */
    Guise(String prefix, int firstNumber, int block) {
      this.block = block;
      this.prefix = prefix;
      this.firstNumber = firstNumber;
    }

    String pool() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** How many of so many workers play it. */
    int shareOf(int workers) {
      return (int) of(workers).stream().filter(plan -> plan.guise() == this).count();
    }

    /** All that can be. */
    List<WorkerPlan> slots() {
      return IntStream.range(0, SLOTS).mapToObj(slot -> new WorkerPlan(this, slot)).toList();
    }
  }

  /** Its place among the ports of all workers that can be. */
  int port() {
    return SLOTS * guise.block + slot;
  }

  String name() {
    return "%s-%02d".formatted(guise.prefix, guise.firstNumber + slot);
  }

  /** One of each guise in turn. */
  static List<WorkerPlan> of(int count) {
    List<WorkerPlan> plans = new ArrayList<>();
    Guise[] guises = Guise.values();
    for (int i = 0; i < count; i++) {
      plans.add(new WorkerPlan(guises[i % guises.length], i / guises.length));
    }
    return List.copyOf(plans);
  }
}
