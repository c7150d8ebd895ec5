package dev.weft.e2e.history;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * I16: OK means flushed, so nothing that was asked for while the database could flush nothing is
 * answered OK before it can again.
 */
final class DurabilityInvariant implements Invariant {

  @Override
  public void check(Run run, Consumer<String> breach) {
    List<Operation> inOrder =
        run.operations().stream().sorted(Comparator.comparingLong(Operation::atNanos)).toList();
    Set<Long> askedInVain = new HashSet<>();
    boolean possible = true;
    for (Operation operation : inOrder) {
      if (operation instanceof Operation.Flushing flushing) {
        possible = flushing.possible();
        askedInVain.clear();
      } else if (operation instanceof Operation.Invoke && !possible) {
        askedInVain.add(operation.number());
      } else if (operation instanceof Operation.Ok ok && askedInVain.contains(ok.number())) {
        breach.accept(
            "I16: %s was asked for and answered OK while nothing could be flushed"
                .formatted(ok.taskId()));
      }
    }
  }
}
