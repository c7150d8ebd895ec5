package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.InvalidFieldException;
import java.util.Locale;

/**
 * What a limit counts: the whole tree of processes (cgroups), or each process for itself (rlimits).
 */
public enum LimitsScope {
  TREE,
  PROCESS;

  public static LimitsScope of(String text) {
    return switch (text) {
      case "tree" -> TREE;
      case "process" -> PROCESS;
      default -> throw new InvalidFieldException("limits_scope", text, "tree or process");
    };
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
