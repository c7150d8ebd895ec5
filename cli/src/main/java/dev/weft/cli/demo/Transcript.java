package dev.weft.cli.demo;

import java.io.PrintStream;

/** What the audience sees. */
final class Transcript {
  private final PrintStream out;
  private int claims;

  Transcript(PrintStream out) {
    this.out = out;
  }

  void heading(String text) {
    out.println();
    out.println("== " + text);
  }

  synchronized void line(String text) {
    out.println(text);
    out.flush();
  }

  void output(String text) {
    if (!text.isEmpty()) {
      out.print(text.endsWith("\n") ? text : text + "\n");
      out.flush();
    }
  }

  /** Says the claim if it is true, and ends the demonstration if it is not. */
  void claim(String text, boolean holds, String seen) {
    if (!holds) {
      throw new DemoFailure("not true: " + text + " (seen: " + seen + ")");
    }
    claims++;
    line("   [true] " + text);
  }

  int claims() {
    return claims;
  }
}
