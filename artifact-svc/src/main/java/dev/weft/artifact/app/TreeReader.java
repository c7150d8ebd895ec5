package dev.weft.artifact.app;

import dev.weft.artifact.domain.tree.TreeRules;
import java.io.IOException;
import java.io.InputStream;

/** Reads a tree's bytes name by name, so that a large one never lies in memory as a whole. */
@FunctionalInterface
public interface TreeReader {

  /**
   * @throws dev.weft.artifact.domain.tree.InvalidTree if it is none, or breaks the rules
   */
  void read(InputStream bytes, TreeRules rules) throws IOException;
}
