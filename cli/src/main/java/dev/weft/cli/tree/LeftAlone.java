package dev.weft.cli.tree;

/**
 * A name of a fetched tree that the directory keeps as it is.
 *
 * @param path for people
 */
public record LeftAlone(String path, Cause cause) {

  /** Why the directory's own stays. */
  public enum Cause {
    CHANGED_MEANWHILE("it was changed here meanwhile"),
    NOT_PACKED("it is here and was not packed"),
    GIT("it is git's own, which no task writes");

    private final String text;

    Cause(String text) {
      this.text = text;
    }
  }

  /** For people: the reason and the name. */
  public String text() {
    return "left alone, since %s: %s".formatted(cause.text, path);
  }
}
