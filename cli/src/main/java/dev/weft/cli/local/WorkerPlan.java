package dev.weft.cli.local;

import java.util.ArrayList;
import java.util.List;

/**
 * One worker of the local mesh, and whom it plays.
 *
 * @param index decides its ports
 */
record WorkerPlan(int index, String name, Guise guise) {

  /** Three unlike machines; more workers are more of the same. */
  enum Guise {
    GPU("gpu-tokyo", 1),
    BROWSER("browser-useast", 3),
    SANDBOX("sandbox-onprem", 1);

    private final String prefix;
    private final int firstNumber;

    Guise(String prefix, int firstNumber) {
      this.prefix = prefix;
      this.firstNumber = firstNumber;
    }
  }

  static List<WorkerPlan> of(int count) {
    List<WorkerPlan> plans = new ArrayList<>();
    Guise[] guises = Guise.values();
    for (int i = 0; i < count; i++) {
      Guise guise = guises[i % guises.length];
      int number = guise.firstNumber + i / guises.length;
      plans.add(new WorkerPlan(i, "%s-%02d".formatted(guise.prefix, number), guise));
    }
    return List.copyOf(plans);
  }
}
