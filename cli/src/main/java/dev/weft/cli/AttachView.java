package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.SessionView;
import dev.weft.cli.client.SessionVoice;
import java.io.PrintStream;
import java.util.Locale;

/** An agent's terminal on this one; what happens to the agent is a dim line each. */
final class AttachView implements SessionView {
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final Context context;
  private final boolean typing;
  private final Runnable onOpen;
  private final WakingLine waking;
  private String state = "";
  private int body;
  private boolean writer = true;

  /** For who only watches. */
  static AttachView watching(Context context) {
    return new AttachView(context, false, () -> {});
  }

  /** For who types here, in raw mode. */
  static AttachView typing(Context context, Keyboard keyboard) {
    return new AttachView(context, true, keyboard::opened);
  }

  private AttachView(Context context, boolean typing, Runnable onOpen) {
    this.context = context;
    this.typing = typing;
    this.onOpen = onOpen;
    this.waking = new WakingLine(this::tell);
  }

  @Override
  public void opened(SessionVoice voice) {
    onOpen.run();
  }

  @Override
  public boolean message(String type, JsonNode message) {
    switch (type) {
      case "status" -> status(message);
      case "terminalEnded" ->
          tell(
              "the shell ended with %d; the next key starts another"
                  .formatted(message.path("exitCode").asInt()));
      case "interrupted" -> tell("interrupted: " + GetCommand.problem(message.path("problem")));
      case "snapshot" -> tell("workspace stored as " + message.path("artifactId").asText(""));
      case "notice", "problem" -> tell(GetCommand.problem(message.path("problem")));
      case "gap" -> tell(SessionOutput.gap(message));
      default -> {
        // Commands are somebody else's.
      }
    }
    return true;
  }

  @Override
  public void terminal(byte[] bytes) {
    PrintStream out = context.out();
    out.write(bytes, 0, bytes.length);
    if (out.checkError()) { // Flushes, too.
      throw new TerminalSink.ReaderGone();
    }
  }

  @Override
  public void broken(String why) {
    tell("connecting again: " + why + " (keys that are typed now are lost)");
  }

  private void status(JsonNode status) {
    String now = status.path("state").asText("");
    int bodyNow = status.path("body").asInt();
    waking.tell(now, status.path("start"));
    if (!now.equals(state)) {
      switch (now) {
        case "HIBERNATING", "HIBERNATED", "TERMINATED", "FAILED" ->
            tell(
                (now.toLowerCase(Locale.ROOT) + " " + GetCommand.problem(status.path("problem")))
                    .strip());
        default -> {
          // Told by the waking line, or by the new body.
        }
      }
      state = now;
    }
    if (now.equals("RUNNING") && bodyNow != body) {
      if (body > 0) {
        tell("body " + bodyNow + " on " + status.path("workerId").asText(""));
      }
      body = bodyNow;
    }
    if (typing && writer != status.path("writer").asBoolean(true)) {
      writer = status.path("writer").asBoolean(true);
      tell(writer ? "your keys count" : "another client writes: you only watch");
    }
  }

  private void tell(String text) {
    PrintStream err = context.err();
    // In raw mode a line's end does not lead to its beginning.
    String line = typing ? "\r\n" + DIM + "weft: " + text + PLAIN + "\r\n" : "weft: " + text + "\n";
    err.print(line);
    err.flush();
  }
}
