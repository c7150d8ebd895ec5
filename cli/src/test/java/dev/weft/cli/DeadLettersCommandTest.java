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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void refusalsLeaveTheOthersAndEveryOutcomeIsPrinted() throws IOException {
    assertThat(rig.weft("dead-letters", "redrive", FakeLetters.FIRST, "tsk_other", "-o", "json"))
        .isEqualTo(ExitCodes.FAILED);

    JsonNode outcomes = MeshApi.JSON.readTree(rig.stdout());
    assertThat(outcomes).hasSize(2);
    assertThat(outcomes.path(0).path("redriven").path("taskId").asText())
        .isEqualTo(letters.redriven.get(FakeLetters.FIRST));
    assertThat(outcomes.path(1).path("taskId").asText()).isEqualTo("tsk_other");
    assertThat(outcomes.path(1).path("problem").path("reason").asText())
        .isEqualTo("DEAD_LETTER_NOT_FOUND");

    assertThat(rig.weft("dead-letters", "redrive", "tsk_other", FakeLetters.THIRD))
        .isEqualTo(ExitCodes.FAILED);
    assertThat(rig.stdout())
        .startsWith("tsk_other not redriven: DEAD_LETTER_NOT_FOUND: ")
        .contains(FakeLetters.THIRD + " redriven as ");
  }

  @Test
  void theOnlyLettersRefusalIsTheCommandsAndJsonHasItToo() throws IOException {
    assertThat(rig.weft("dead-letters", "redrive", "tsk_other", "-o", "json"))
        .isEqualTo(ExitCodes.NOT_FOUND);

    assertThat(MeshApi.JSON.readTree(rig.stdout()).path(0).path("problem").isObject()).isTrue();
    assertThat(rig.stderr()).startsWith("weft: DEAD_LETTER_NOT_FOUND: ");
  }

  @Test
  void whatIsNotTheLettersFaultEndsItWithTheOutcomesBefore() throws IOException {
    letters.tokenGoneAfter = 1;

    assertThat(
            rig.weft("dead-letters", "redrive", FakeLetters.FIRST, FakeLetters.THIRD, "-o", "json"))
        .isEqualTo(ExitCodes.UNAUTHORIZED);

    assertThat(MeshApi.JSON.readTree(rig.stdout())).hasSize(1);
    assertThat(rig.stderr()).startsWith("weft: TOKEN_REVOKED: ");
  }

  @Test
  void purgeGoesOnAfterARefusalToo() throws IOException {
    assertThat(rig.weft("dead-letters", "purge", "tsk_other", FakeLetters.FIRST))
        .isEqualTo(ExitCodes.FAILED);
    assertThat(rig.stdout())
        .startsWith("tsk_other not purged: DEAD_LETTER_NOT_FOUND: ")
        .endsWith("1 purged\n");

    assertThat(rig.weft("dead-letters", "purge", FakeLetters.FIRST, "tsk_other", "-o", "json"))
        .isEqualTo(ExitCodes.FAILED);
    JsonNode answer = MeshApi.JSON.readTree(rig.stdout());
    assertThat(answer.path("purged").asInt(-1)).isZero();
    assertThat(answer.path("results").path(0).path("purged").asBoolean(true)).isFalse();
    assertThat(answer.path("results").path(1).path("problem").path("reason").asText())
        .isEqualTo("DEAD_LETTER_NOT_FOUND");
  }

  @Test
  void purgeCountsAndAFilterSparesTheOthers() {
    assertThat(rig.weft("dead-letters", "purge", FakeLetters.FIRST, FakeLetters.FIRST)).isZero();
    assertThat(rig.stdout())
        .isEqualTo(FakeLetters.FIRST + " not purged: it was redriven or purged before\n1 purged\n");
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
    assertThat(rig.weft("dead-letters", "redrive", FakeLetters.FIRST, ""))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("task: '' (expected: tsk_ and 26 characters)");
    assertThat(letters.queue).hasSize(3);
    assertThat(rig.gateway().requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--after  | Tuesday      | a time in UTC like 2026-01-02T03:04:05Z, or how long ago",
        "--before | yesterday    | a time in UTC like 2026-01-02T03:04:05Z, or how long ago",
        "--before | 2026-01-02   | a time in UTC like 2026-01-02T03:04:05Z, or how long ago",
        "--before | -1h          | a time in UTC like 2026-01-02T03:04:05Z, or how long ago",
        "--after  | 99999999999d | a time in UTC like 2026-01-02T03:04:05Z, or how long ago",
        "--after  | 36500d       | a time of the years 1970 to 9999",
        "--class  | X            | P0..P6",
        "--reason | ''           | one of docs/errors.md",
        "--limit  | 0            | > 0",
      })
  void aWrongFilterIsNamedWithItsOptionBeforeItIsSent(String option, String value, String said) {
    assertThat(rig.weft("dead-letters", "list", option, value)).isEqualTo(ExitCodes.USAGE);

    assertThat(rig.stderr())
        .startsWith(
            "weft: %s: %s (expected: %s".formatted(option, value.isEmpty() ? "''" : value, said))
        .endsWith(")\n");
    assertThat(rig.stderr().lines()).hasSize(1);
    assertThat(rig.gateway().requests()).isEmpty();
  }

  @Test
  void whatNeverBeganPrintsNoOutcome() {
    letters.tokenGoneAfter = 0;

    assertThat(rig.weft("dead-letters", "purge", "--all")).isEqualTo(ExitCodes.UNAUTHORIZED);
    assertThat(rig.stdout()).isEmpty();
  }

  @Test
  void aTimeThatNothingCanLieInIsRefused() {
    assertThat(rig.weft("dead-letters", "purge", "--after", "1h", "--before", "2h"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("--before: 2h (expected: later than --after 1h)");
  }

  @Test
  void theHelpSaysUnitsAndDefaults() {
    assertThat(rig.weft("dead-letters", "list", "--help")).isZero();

    assertThat(rig.stdout().replaceAll("\\s+", " "))
        .contains("how long ago in ms, s, m, h, d", "default: since ever", "default: until now")
        .contains("priority classes; repeatable (default: any)");
  }

  @Test
  void whichActionMustBeSaid() {
    assertThat(rig.weft("dead-letters")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr())
        .startsWith(
            "weft: dead-letters: no action (expected: one of list, show, redrive, purge)\n");
    assertThat(rig.weft("dead-letters", "bogus")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).startsWith("weft: dead-letters: bogus (expected: one of list,");
  }

  @Test
  void showSaysWhetherTheLetterLiesInTheQueue() throws IOException {
    ObjectNode task = FakeGateway.task("TASK_STATE_FAILED", 7, "", "");
    task.put("endTime", "2026-01-02T03:04:05.000006Z");
    rig.gateway().task(task);
    letters.queue.put(FakeGateway.TASK, "EXIT_NONZERO");

    assertThat(rig.weft("dead-letters", "show", FakeGateway.TASK)).isZero();
    assertThat(rig.stdout()).contains("in the dead-letter queue").doesNotContain("purged");

    assertThat(rig.weft("dead-letters", "purge", FakeGateway.TASK)).isZero();
    assertThat(rig.weft("dead-letters", "show", FakeGateway.TASK)).isZero();
    assertThat(rig.stdout()).contains("purged: no longer in the dead-letter queue");
    assertThat(rig.gateway().requests())
        .anyMatch(
            asked ->
                asked.startsWith("GET /v1/dead-letters?")
                    && asked.contains("endedAfter=2026-01-02T03%3A04%3A05.000006Z")
                    && asked.contains("endedBefore=2026-01-02T03%3A04%3A05.000007Z"));

    assertThat(rig.weft("dead-letters", "show", FakeGateway.TASK, "-o", "json")).isZero();
    assertThat(MeshApi.JSON.readTree(rig.stdout()).path("deadLetter").asText()).isEqualTo("PURGED");
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
