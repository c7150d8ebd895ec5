package dev.weft.worker.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The programs that a sandbox is made with.
 *
 * @param env undoes what signals the worker was started to ignore: a command would ignore them, too
 * @param bubblewrap makes the namespaces
 * @param prlimit sets limits, inside the sandbox
 * @param setsid takes the sandbox out of the worker's terminal and process group
 * @param setpriv gives up root, where the worker is root
 */
record Tools(Path env, Path bubblewrap, Path prlimit, Path setsid, Path setpriv) {

  private static final List<String> PLACES =
      List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");

  /** Where a program of the system is. */
  static Optional<Path> find(String name) {
    return PLACES.stream()
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
