package dev.weft.router.app;

import dev.weft.router.domain.task.Document;

/** Reads a stored spec as far as it says whose the task is. */
@FunctionalInterface
public interface SpecUsers {

  /** Empty for nobody. */
  String user(Document spec);
}
