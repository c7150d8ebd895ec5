package dev.weft.e2e.history;

import java.util.function.Consumer;

/** I13: no process ever holds more than its bound. */
final class MemoryInvariant implements Invariant {

  @Override
  public void check(Run run, Consumer<String> breach) {
    run.limits()
        .memory()
        .forEach(
            (process, bound) -> {
              long most =
                  run.all(Operation.Memory.class)
                      .filter(sample -> sample.process().equals(process))
                      .mapToLong(Operation.Memory::bytes)
                      .max()
                      .orElse(0);
              if (most == 0 || most > bound) {
                breach.accept(
                    "I13: %s held %d MiB (expected: 1 to %d)"
                        .formatted(process, most >> 20, bound >> 20));
              }
            });
  }
}
