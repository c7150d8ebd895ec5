package dev.weft.worker.domain;

/** What a limit holds for: all processes of an attempt together, or each by itself. */
public enum LimitsScope {
  /** Control groups: the kernel counts the whole tree. */
  TREE("tree"),
  /** Resource limits of each process; the worker adds the tree up some twenty times a second. */
  PROCESS("process");

  private final String text;

  LimitsScope(String text) {
    this.text = text;
  }

  /** The advertised word. */
  public String text() {
    return text;
  }
}
