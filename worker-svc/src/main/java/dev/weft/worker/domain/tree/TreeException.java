package dev.weft.worker.domain.tree;

import java.util.Map;

/** A tree that must not, or can't, become a directory here. */
public final class TreeException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Kind {
    /** It breaks a rule; another worker would refuse it too. */
    INVALID,
    /** It is larger than the attempt may hold. */
    TOO_LARGE
  }

  private final Kind kind;
  private final transient Map<String, String> facts;

  private TreeException(Kind kind, String message, Map<String, String> facts) {
    super(message);
    this.kind = kind;
    this.facts = Map.copyOf(facts);
  }

  static TreeException invalid(byte[] path, String what, String expected) {
    String shown = TreePath.shown(path);
    return new TreeException(
        Kind.INVALID,
        "%s: %s (expected: %s)".formatted(what, shown, expected),
        Map.of("path", shown, "expected", expected));
  }

  static TreeException tooLarge(String what, long value, long most) {
    return new TreeException(
        Kind.TOO_LARGE,
        "workspace %s: %d (expected: <= %d)".formatted(what, value, most),
        Map.of(what, Long.toString(value), "most", Long.toString(most)));
  }

  public Kind kind() {
    return kind;
  }

  /** Every variable that the message names. */
  public Map<String, String> facts() {
    return facts;
  }
}
