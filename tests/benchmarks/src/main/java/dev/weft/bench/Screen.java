package dev.weft.bench;

import java.nio.charset.StandardCharsets;

/** The last of what a terminal showed: enough to know a shell's prompt. */
final class Screen implements AgentSession.Ear {

  private static final int MOST = 256;

  private String tail = "";

  @Override
  public void terminal(byte[] frame, int from) {
    tail += new String(frame, from, frame.length - from, StandardCharsets.ISO_8859_1);
    tail = tail.substring(Math.max(0, tail.length() - MOST));
  }

  /** Whether a shell waits for a line; control sequences of its line editor count as nothing. */
  boolean prompt() {
    String shown = tail.replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "");
    return shown.endsWith("$ ") || shown.endsWith("# ");
  }

  /** Whether it showed this last of all. */
  boolean endsWith(String text) {
    return tail.endsWith(text);
  }
}
