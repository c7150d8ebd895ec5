package dev.weft.cli.local;

import java.util.ArrayList;
import java.util.List;

/**
 * One worker of the local mesh, and whom it plays.
 *
 * @param index decides its ports
 */
record WorkerPlan(int index, String name, Character character) {

  /** Three unlike machines; more workers are more of the same. */
  enum Character {
    GPU("gpu-tokyo", 1),
    BROWSER("browser-useast", 3),
    SANDBOX("sandbox-onprem", 1);

    private final String prefix;
    private final int firstNumber;

    Character(String prefix, int firstNumber) {
      this.prefix = prefix;
      this.firstNumber = firstNumber;
    }
  }

  static List<WorkerPlan> of(int count) {
    List<WorkerPlan> plans = new ArrayList<>();
    Character[] characters = Character.values();
    for (int i = 0; i < count; i++) {
      Character character = characters[i % characters.length];
      int number = character.firstNumber + i / characters.length;
      plans.add(new WorkerPlan(i, "%s-%02d".formatted(character.prefix, number), character));
    }
    return List.copyOf(plans);
  }
}
