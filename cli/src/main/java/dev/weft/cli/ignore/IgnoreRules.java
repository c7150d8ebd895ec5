package dev.weft.cli.ignore;

import dev.weft.cli.ignore.IgnoreFile.Verdict;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What applies in one directory: its own ignore files and those above it, the nearest first. A
 * .weftignore decides before any .gitignore does. What is inside an ignored directory is not asked
 * for: whoever walks does not enter it.
 */
public final class IgnoreRules {
  /** Never travels, whatever the files say: it is large, and the state of another tool. */
  private static final String GIT = ".git";

  private final @Nullable IgnoreRules above;
  private final int base;
  private final IgnoreFile git;
  private final IgnoreFile weft;

  private IgnoreRules(@Nullable IgnoreRules above, int base, IgnoreFile git, IgnoreFile weft) {
    this.above = above;
    this.base = base;
    this.git = git;
    this.weft = weft;
  }

  /** Of the directory that is walked, before its ignore files are read. */
  public static IgnoreRules none() {
    return new IgnoreRules(null, 0, IgnoreFile.EMPTY, IgnoreFile.EMPTY);
  }

  /**
   * The rules inside a directory.
   *
   * @param base length of its path with the slash at the end; 0 for the top
   */
  public IgnoreRules inside(
      int base, @Nullable IgnoreFile gitignore, @Nullable IgnoreFile weftignore) {
    if (gitignore == null && weftignore == null) {
      return this;
    }
    return new IgnoreRules(
        this,
        base,
        gitignore == null ? IgnoreFile.EMPTY : gitignore,
        weftignore == null ? IgnoreFile.EMPTY : weftignore);
  }

  /**
   * Whether a name of this directory stays at home.
   *
   * @param path from the top, as bytes
   * @param name where its last part begins
   */
  public boolean ignores(byte[] path, int name, boolean directory) {
    if (isGit(path, name, path.length)) {
      return true;
    }
    Verdict verdict = nearest(rules -> rules.weft, path, name, directory);
    if (verdict == Verdict.NOTHING) {
      verdict = nearest(rules -> rules.git, path, name, directory);
    }
    return verdict == Verdict.IGNORE;
  }

  private Verdict nearest(
      Function<IgnoreRules, IgnoreFile> kind, byte[] path, int name, boolean directory) {
    for (IgnoreRules rules = this; rules != null; rules = rules.above) {
      Verdict verdict = kind.apply(rules).verdict(path, rules.base, name, directory);
      if (verdict != Verdict.NOTHING) {
        return verdict;
      }
    }
    return Verdict.NOTHING;
  }

  /**
   * Where the first part ends that is git's own, in any case, as some file systems don't tell them
   * apart; -1 if there is none.
   *
   * @param path parts with slashes between them
   */
  public static int endOfGit(byte[] path) {
    int name = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        if (isGit(path, name, i)) {
          return i;
        }
        name = i + 1;
      }
    }
    return -1;
  }

  private static boolean isGit(byte[] path, int name, int end) {
    if (end - name != GIT.length()) {
      return false;
    }
    for (int i = 0; i < GIT.length(); i++) {
      byte c = path[name + i];
      if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != GIT.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
