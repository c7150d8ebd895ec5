package dev.weft.e2e.history;

import java.util.function.Consumer;

/** Something that must hold of every run; each breach is told in one sentence with its number. */
@FunctionalInterface
interface Invariant {

  void check(Run run, Consumer<String> breach);
}
