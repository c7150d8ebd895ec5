package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Telling over real pipes, to who listens and who does not. */
class ToldPipeTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);

  private static byte[] words(int length) {
    byte[] words = new byte[length];
    Arrays.fill(words, (byte) 'w');
    return words;
  }

  @Test
  void whatFitsIntoAnyPipeIsWrittenWithoutAReader() throws Exception {
    Process deaf = new ProcessBuilder("sleep", "600").start();
    try {
      new ToldPipe(deaf.getOutputStream(), SHORT).tell(words(4_096));

      assertThat(deaf.isAlive()).isTrue();
    } finally {
      deaf.destroyForcibly();
    }
  }

  @Test
  void moreThanThePipeTakesArrivesWhereItIsRead() throws Exception {
    Process counts = new ProcessBuilder("wc", "-c").start();

    new ToldPipe(counts.getOutputStream(), LONG).tell(words(1_000_000));

    String text =
        new String(counts.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    assertThat(text).isEqualTo("1000000");
  }

  @Test
  void whoDoesNotListenIsGivenUp() throws Exception {
    Process deaf = new ProcessBuilder("sleep", "600").start();
    try {
      ToldPipe pipe = new ToldPipe(deaf.getOutputStream(), SHORT);

      assertThatThrownBy(() -> pipe.tell(words(1_000_000)))
          .isInstanceOf(IOException.class)
          .hasMessage("what waits has not listened for PT0.05S");
    } finally {
      deaf.destroyForcibly();
    }
  }

  @Test
  void whoIsGoneIsSaidToBe() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    ToldPipe pipe = new ToldPipe(gone.getOutputStream(), LONG);

    assertThatThrownBy(() -> pipe.tell(words(100_000))).isInstanceOf(IOException.class);
  }
}
