package dev.weft.parts;

import java.nio.file.Path;
import java.util.Optional;

/** Finds a Maven: the wrapper of the checkout that we run in, else one on the PATH. */
final class MavenCommand {
  private MavenCommand() {}

  static Optional<Path> find() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path wrapper = at.resolve("mvnw");
      if (SystemTools.runnable(wrapper)) {
        return Optional.of(wrapper);
      }
    }
    return SystemTools.path("mvn");
  }
}
