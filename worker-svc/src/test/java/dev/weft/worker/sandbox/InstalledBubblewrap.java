package dev.weft.worker.sandbox;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.Tool;
import java.nio.file.Path;

/** The bubblewrap of this machine, or one that is fetched once where it has none. */
public final class InstalledBubblewrap {

  private static final Path PROGRAM =
      new BinaryFinder(System.getenv()).require(Tool.BUBBLEWRAP).executable();

  private InstalledBubblewrap() {}

  public static Path program() {
    return PROGRAM;
  }
}
