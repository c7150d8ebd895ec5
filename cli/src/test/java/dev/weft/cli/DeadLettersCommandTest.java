package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft dead-letters} as it is typed. */
class DeadLettersCommandTest {
  @TempDir Path home;
  private CommandRig rig;
  private FakeLetters letters;

  @BeforeEach
  void start() {
    rig = new CommandRig(home);
    letters = rig.gateway().letters();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void listShowsWhatFailedAndSendsTheFilter() {
    assertThat(
            rig.weft(
                "dead-letters",
                "list",
                "--reason",
                "POISON",
                "--class",
                "p1",
                "--after",
                "2026-01-02T03:04:05Z",
                "--before",
                "1h",
                "--redriven",
                "--limit",
                "5"))
        .isZero();

    assertThat(rig.stdout())
        .contains(FakeLetters.FIRST, "P2", "EXIT_NONZERO: said so", "REDRIVEN AS");
    assertThat(rig.gateway().requests().getLast())
        .startsWith("GET /v1/dead-letters?pageSize=5&showRedriven=true&reasons=POISON")
        .contains(
            "&priorityClasses=PRIORITY_CLASS_P1",
            "&endedAfter=2026-01-02T03%3A04%3A05Z",
            "&endedBefore=20");
  }

  @Test
  void redriveOfOneNamesTheNewTaskAlsoTheSecondTime() {
    assertThat(rig.weft("dead-letters", "redrive", FakeLetters.FIRST)).isZero();
    String made = letters.redriven.get(FakeLetters.FIRST);
    assertThat(rig.stdout()).isEqualTo(FakeLetters.FIRST + " redriven as " + made + "\n");

    assertThat(rig.weft("dead-letters", "redrive", FakeLetters.FIRST)).isZero();
    assertThat(rig.stdout()).isEqualTo(FakeLetters.FIRST + " redriven as " + made + " (before)\n");
  }

  @Test
  void redriveOfAllGoesThroughEveryPage() throws IOException {
    assertThat(rig.weft("dead-letters", "redrive", "--all", "-o", "json")).isZero();

    assertThat(letters.queue).isEmpty();
    assertThat(MeshApi.JSON.readTree(rig.stdout())).hasSize(3);
  }

  @Test
  void aLetterThatIsNotTakenInIsNamedAndTheOthersGoOn() {
    letters.refused.add(FakeLetters.FIRST);

    assertThat(rig.weft("dead-letters", "redrive", "--reason", "EXIT_NONZERO"))
        .isEqualTo(ExitCodes.FAILED);

    assertThat(rig.stdout())
        .contains(FakeLetters.FIRST + " not redriven: QUEUE_FULL: full")
        .contains(FakeLetters.THIRD + " redriven as ");
    assertThat(letters.queue).containsOnlyKeys(FakeLetters.FIRST, FakeLetters.SECOND);
  }

  @Test
  void purgeCountsAndAFilterSparesTheOthers() {
    assertThat(rig.weft("dead-letters", "purge", FakeLetters.FIRST, FakeLetters.FIRST)).isZero();
    assertThat(rig.stdout()).isEqualTo("1 purged\n");
    assertThat(rig.weft("dead-letters", "purge", "--reason", "POISON")).isZero();
    assertThat(rig.stdout()).isEqualTo("1 purged\n");
    assertThat(letters.queue).containsOnlyKeys(FakeLetters.THIRD);
    assertThat(rig.weft("dead-letters", "purge", "--all", "-o", "json")).isZero();

    assertThat(rig.stdout()).contains("\"purged\" : 1");
    JsonNode last = letters.bodies.getLast();
    assertThat(last.path("all").asBoolean()).isTrue();
    assertThat(last.path("filter").isEmpty()).isTrue();
  }

  @Test
  void whichLettersMustBeSaidAndInOneWay() {
    assertThat(rig.weft("dead-letters", "purge")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("none named");
    assertThat(rig.weft("dead-letters", "redrive")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("dead-letters", "purge", "--all", "--reason", "POISON"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("dead-letters", "redrive", FakeLetters.FIRST, "--all"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("dead-letters", "list", "--after", "Tuesday")).isEqualTo(ExitCodes.USAGE);
    assertThat(letters.queue).hasSize(3);
  }

  @Test
  void showNamesEveryAttemptsError() {
    ObjectNode task = FakeGateway.task("TASK_STATE_FAILED", 7, "", "");
    task.put("redrivenAs", "tsk_new").putObject("problem").put("reason", "EXIT_NONZERO");
    var attempts = task.putArray("endedAttempts");
    attempt(attempts.addObject(), 1, "WORKER_LOST");
    attempt(attempts.addObject(), 2, "EXIT_NONZERO");
    rig.gateway().task(task);

    assertThat(rig.weft("dead-letters", "show", FakeGateway.TASK)).isZero();

    assertThat(rig.stdout())
        .contains("redriven as tsk_new", "WORKER_LOST: first", "EXIT_NONZERO: first");
  }

  @Test
  void whatHasNotFailedIsNoDeadLetter() {
    assertThat(rig.weft("dead-letters", "show", FakeGateway.TASK)).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(rig.stderr()).contains("is SUCCEEDED (expected: FAILED)");
    assertThat(rig.weft("dead-letters", "redrive", "tsk_other")).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(rig.stderr()).contains("DEAD_LETTER_NOT_FOUND");
  }

  private static void attempt(ObjectNode attempt, int number, String reason) {
    attempt
        .put("number", number)
        .put("state", "ATTEMPT_STATE_FAILED")
        .put("workerId", "wkr_1")
        .putObject("problem")
        .put("reason", reason)
        .put("message", "first");
  }
}
