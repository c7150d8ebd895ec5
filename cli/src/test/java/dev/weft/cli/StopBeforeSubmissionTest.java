package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is stopped while its input is read, where leaving does not end the process. */
class StopBeforeSubmissionTest {
  @TempDir Path home;
  private final Map<String, Runnable> handlers = new HashMap<>();
  private final List<Integer> codes = new ArrayList<>();

  private final Signals signals =
      new Signals() {
        @Override
        public void handle(String name, Runnable action) {
          handlers.put(name, action);
        }

        @Override
        public void leave(int code) {
          codes.add(code);
        }
      };

  /** Is hung up on while it is read, and then ends. */
  private final InputStream in =
      new InputStream() {
        @Override
        public int read() {
          Runnable action = handlers.remove("HUP");
          if (action != null) {
            action.run();
          }
          return -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
          return read();
        }
      };

  @Test
  void whatIsStoppedBeforeItIsSubmittedIsNotSubmitted() {
    try (CommandRig rig = new CommandRig(home)) {
      PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      Context.Streams streams = new Context.Streams(in, nowhere, nowhere, false);
      Context context = new Context(home, home, rig.environment(), streams, signals);

      int code = Weft.execute(context, "run", "--stdin", "--", "sh");

      assertThat(code).isEqualTo(ExitCodes.RUN_BROKEN);
      assertThat(codes).containsExactly(ExitCodes.RUN_CANCELLED);
      assertThat(rig.gateway().submitted()).isEmpty();
    }
  }
}
