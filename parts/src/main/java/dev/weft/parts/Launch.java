package dev.weft.parts;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a child process is started.
 *
 * @param command program and arguments
 * @param environment the child's whole environment; nothing is inherited
 * @param directory working directory
 * @param log receives stdout and stderr; begun anew at each start, the previous one is kept as
 *     {@code .1}
 * @param lifetime whether it outlives this JVM
 * @param account whom it runs as; empty means the current user
 */
public record Launch(
    List<String> command,
    Map<String, String> environment,
    Path directory,
    Path log,
    Lifetime lifetime,
    Optional<Account> account) {
  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
