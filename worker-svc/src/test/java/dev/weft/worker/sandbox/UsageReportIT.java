package dev.weft.worker.sandbox;

import static dev.weft.worker.sandbox.SandboxRig.combined;
import static dev.weft.worker.sandbox.SandboxRig.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.ModelTokens;
import dev.weft.worker.domain.TokenUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What commands say that they used of models, from inside the real sandbox. */
class UsageReportIT {

  private static final String REPORT =
      "echo '{\"model\":\"small\",\"inputTokens\":10,\"outputTokens\":5}' ";

  @SuppressWarnings("NullAway.Init") // made before all tests
  private static SandboxRig rig;

  @BeforeAll
  static void open() throws Exception {
    rig = SandboxRig.open();
  }

  @AfterAll
  static void close() throws IOException {
    rig.close();
  }

  private static TokenUse small(int reports) {
    return new TokenUse(List.of(new ModelTokens("small", 10L * reports, 5L * reports)), 0);
  }

  @Test
  void aScriptReportsByAppendingOrWritingAndTheLastWordBeforeItsEndCounts() {
    AttemptResult result =
        rig.shell(
            REPORT
                + ">> $WEFT_USAGE;"
                + REPORT
                + "> \"$WEFT_USAGE\"; ("
                + REPORT
                + ">> $WEFT_USAGE)");

    assertThat(reason(result)).as(combined(result)).isEqualTo("SUCCEEDED");
    assertThat(result.tokens()).isEqualTo(small(3));
  }

  @Test
  void whatRunsIsHeardWhileItRunsAndStillKnownWhenItIsKilled() {
    SandboxRig.Running running =
        rig.start(
            SandboxRig.work(
                List.of("/bin/sh", "-c", REPORT + ">> $WEFT_USAGE; sleep 600"),
                List.of(),
                Map.of()));

    await().until(() -> running.used.contains(small(1)));
    running.execution().end(EndReason.CANCELLED);

    assertThat(running.join().tokens()).isEqualTo(small(1));
  }

  @Test
  void manyWritersAtOnceLoseNoReport() {
    AttemptResult result =
        rig.shell(
            "for i in 1 2 3 4 5 6 7 8; do (for j in 1 2 3 4 5 6 7 8 9 10; do "
                + REPORT
                + ">> $WEFT_USAGE; done) & done; wait");

    assertThat(result.tokens()).isEqualTo(small(80));
  }

  @Test
  void nonsenseIsCountedAndATaskThatFloodsTheFileIsSlowedAndNotFollowed() {
    SandboxRig.Running running =
        rig.start(
            SandboxRig.work(
                List.of("/bin/sh", "-c", REPORT + ">> $WEFT_USAGE; yes > $WEFT_USAGE"),
                List.of(),
                Map.of()));

    await().until(() -> running.used.stream().anyMatch(use -> use.ignoredLines() > 10_000));
    running.execution().end(EndReason.CANCELLED);
    AttemptResult result = running.join();

    assertThat(reason(result)).isEqualTo("CANCELLED_BY_USER");
    assertThat(result.tokens().models()).isEqualTo(small(1).models());
    assertThat(result.tokens().ignoredLines()).isBetween(10_000L, 5_000_000L);
  }

  @Test
  void nothingInsideCanPutSomethingElseInItsPlace() throws IOException {
    Path secret = Files.createTempFile("weft-foreign", "");
    Files.writeString(secret, "{\"model\":\"foreign\",\"inputTokens\":1}\n");
    try {
      AttemptResult result =
          rig.shell(
              "rm -f $WEFT_USAGE; mv $WEFT_USAGE /tmp/x; ln -sf "
                  + secret
                  + " $WEFT_USAGE; ln -s "
                  + secret
                  + " usage; "
                  + REPORT
                  + ">> $WEFT_USAGE");

      assertThat(result.tokens()).isEqualTo(small(1));
    } finally {
      Files.delete(secret);
    }
  }

  @Test
  void aTaskThatReportsNothingHasNothing() {
    AttemptResult result = rig.shell("true");

    assertThat(result.tokens()).isEqualTo(TokenUse.NOTHING);
  }

  @Test
  void anAgentsCommandsAndItsTerminalReportToOneBody() throws Exception {
    for (boolean warm : List.of(false, true)) {
      try (AgentRig agents = warm ? AgentRig.openWarm() : AgentRig.open()) {
        AgentRig.Body body = agents.start();
        agents.home.run("c1", REPORT + ">> $WEFT_USAGE");
        agents.home.type(REPORT + ">> $WEFT_USAGE\n");
        agents.home.awaitEnd("c1");

        await().until(() -> body.used.contains(small(2)));
        agents.home.run("c2", REPORT + ">> $WEFT_USAGE");
        agents.home.awaitEnd("c2");
        body.execution.end(EndReason.CANCELLED);

        assertThat(body.join().tokens()).isEqualTo(small(3));
      }
    }
  }
}
