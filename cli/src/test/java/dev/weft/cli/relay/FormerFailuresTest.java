package dev.weft.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who failed once is not asked for the same again at once. */
class FormerFailuresTest {
  private static final Duration MOMENT = Duration.ofSeconds(1);

  @TempDir Path folder;
  private Instant now = Instant.now();
  private Path socket;
  private FormerFailures failures;

  @BeforeEach
  void start() throws IOException {
    socket = Files.createFile(folder.resolve("1.sock"));
    begunAt(now.minus(MOMENT));
    failures = new FormerFailures(folder.resolve("1"), () -> now);
  }

  private void begunAt(Instant time) throws IOException {
    Files.setLastModifiedTime(socket, FileTime.from(time));
  }

  private static Hello hello(String directory, String... arguments) {
    return new Hello("s", directory, false, List.of(arguments), Map.of());
  }

  @Test
  void nothingSpeaksAgainstOneThatNeverFailed() throws Exception {
    assertThat(failures.speakAgainst(hello("/", "list"))).isFalse();
  }

  @Test
  void whoDidNotAnswerIsLeftAloneForAWhile() throws Exception {
    failures.noAnswer();
    assertThat(failures.speakAgainst(hello("/", "list"))).isTrue();
    now = now.plus(FormerFailures.LEFT_ALONE).plus(MOMENT);

    assertThat(failures.speakAgainst(hello("/", "list"))).isFalse();
  }

  @Test
  void whoBeganSinceThenIsAnotherOne() throws Exception {
    failures.noAnswer();

    begunAt(now.plus(MOMENT));

    assertThat(failures.speakAgainst(hello("/", "list"))).isFalse();
  }

  @Test
  void whatOneDiedOfIsNotGivenToTheNext() throws Exception {
    failures.diedOf(hello("/a", "run", "--dir", "."));
    failures.diedOf(hello("/b", "list"));
    begunAt(now.plus(MOMENT));

    assertThat(failures.speakAgainst(hello("/a", "run", "--dir", "."))).isTrue();
    assertThat(failures.speakAgainst(hello("/b", "list"))).isTrue();
    assertThat(failures.speakAgainst(hello("/a", "list"))).isFalse();
    assertThat(failures.speakAgainst(hello("/c", "run", "--dir", "."))).isFalse();
  }

  @Test
  void whatOneDiedOfIsForgottenAfterADay() throws Exception {
    failures.diedOf(hello("/a", "list"));
    now = now.plus(FormerFailures.REMEMBERED).plus(Duration.ofMinutes(1));

    assertThat(failures.speakAgainst(hello("/a", "list"))).isFalse();
  }

  @Test
  void whatIsRememberedIsBounded() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      failures.diedOf(hello("/a", "get", Integer.toString(i)));
    }

    assertThat(Files.size(folder.resolve("1.deadly"))).isLessThan(70_000);
    assertThat(failures.speakAgainst(hello("/a", "get", "9999"))).isTrue();
  }
}
