package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said in an agent's session, as it is typed, over a real WebSocket. */
class AgentSessionTest {
  private static final String AGENT = FakeAgents.FIRST;
  private static final String RECEIPT = "{'type':'receipt','commandId':'c1','state':'GIVEN'}";
  private static final String STARTED = "{'type':'started','cursor':'1.1','commandId':'c1'}";
  private static final String ENDED =
      "{'type':'ended','cursor':'1.4','commandId':'c1','exitCode':7}";

  @TempDir Path home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<JsonNode> said = new CopyOnWriteArrayList<>();

  @Test
  void execPassesOnOutputApartAndTheExitCode() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              said.add(line.open("RUNNING").hear());
              line.text(RECEIPT)
                  .text(STARTED)
                  .text(output("1.2", "c1", "stdout", "'text':'to out\\n'"))
                  .text(output("1.3", "other", "stdout", "'text':'not mine\\n'"))
                  .text(output("1.3", "c1", "stderr", "'base64':'/w=='"))
                  .text(ENDED)
                  .hear();
            })) {
      assertThat(exec(session, "--timeout", "2m", "--", "printf", "[%s]", "--id", "")).isEqualTo(7);

      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("to out\n");
      assertThat(err.toByteArray()).containsExactly(0xff);
      assertThat(said.getFirst().toString())
          .isEqualTo(
              "{\"type\":\"command\",\"commandId\":\"c1\","
                  + "\"argv\":[\"printf\",\"[%s]\",\"--id\",\"\"],\"timeout\":\"120s\"}");
    }
  }

  @Test
  void execWaitsForASleepingAgentAndSaysSoOnce() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              line.open("HIBERNATED").hear();
              line.text("{'type':'status','state':'WAKING','body':1}")
                  .text(RECEIPT)
                  .text("{'type':'status','state':'RUNNING','body':2}")
                  .text(ENDED)
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(7);

      assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("waking your agent ☕ …\n");
    }
  }

  @Test
  void execSaysHowLongAWakeUsuallyTakesOnceThatIsKnown() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              line.open("HIBERNATED").hear();
              String start =
                  "'start':{'phase':'WAITING','usualMs':1234,'latestMs':2510,'starts':9}";
              line.text("{'type':'status','state':'WAKING','body':1," + start + "}")
                  .text("{'type':'status','state':'WAKING','body':1," + start + "}")
                  .text(RECEIPT)
                  .text("{'type':'status','state':'RUNNING','body':2}")
                  .text(ENDED)
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(7);

      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo("waking your agent ☕ …\nusually 1.2 s, nine of ten within 2.5 s\n");
    }
  }

  @Test
  void execGoesOnAfterTheLastFrameWhenTheConnectionBreaksAndSaysTheSameCommandAgain() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              said.add(line.open("RUNNING").hear());
              line.text(RECEIPT).text(STARTED).text(output("1.2", "c1", "stdout", "'text':'a'"));
              // What is on its way when a connection breaks may be lost with it.
              Awaitility.await().until(() -> out.size() > 0);
            },
            line -> line.refuse(503, "CELL_UNAVAILABLE", "no placer at the moment"),
            line -> {
              said.add(line.open("RUNNING").hear());
              line.text(RECEIPT)
                  .text(output("1.3", "c1", "stdout", "'text':'b'"))
                  .text(ENDED)
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(7);

      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ab");
      assertThat(session.paths())
          .containsExactly(
              path("?mode=writer"),
              path("?mode=writer&cursor=1.2"),
              path("?mode=writer&cursor=1.2"));
      assertThat(said).hasSize(2);
      assertThat(said.get(0)).isEqualTo(said.get(1));
    }
  }

  @Test
  void aCommandWhoseBodyWentAwayHasNoExitCode() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              line.open("RUNNING").hear();
              line.text(RECEIPT)
                  .text(STARTED)
                  .text(
                      "{'type':'interrupted','cursor':'1.9','commandIds':['c1'],"
                          + "'problem':{'reason':'WORKER_LOST','message':'its worker is gone'}}")
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(ExitCodes.RUN_BROKEN);

      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo("weft: interrupted: WORKER_LOST: its worker is gone\n");
    }
  }

  @Test
  void aCommandThatWasLostWithItsBodyIsAskedForAndDoesNotHang() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              said.add(line.open("RUNNING").hear());
              said.add(
                  line.text(RECEIPT).text("{'type':'status','state':'WAKING','body':2}").hear());
              line.text("{'type':'receipt','commandId':'c1','state':'INTERRUPTED','existing':true}")
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(ExitCodes.RUN_BROKEN);

      assertThat(said).hasSize(2);
      assertThat(said.get(0)).isEqualTo(said.get(1));
    }
  }

  @Test
  void aProblemOfAskingAfterAnAcceptedCommandIsNotItsEnd() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              said.add(line.open("RUNNING").hear());
              line.text(RECEIPT).text("{'type':'status','state':'RUNNING','body':2}");
              said.add(line.hear());
              line.text(
                  "{'type':'problem','commandId':'c1','problem':{'reason':'CELL_UNAVAILABLE',"
                      + "'message':'no placer','metadata':{'retry_after_ms':'10'}}}");
              said.add(line.hear());
              line.text(
                      "{'type':'problem','commandId':'c1','problem':{'reason':'NOT_WRITER',"
                          + "'message':'another writes'}}")
                  .text(STARTED)
                  .text(ENDED)
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(7);

      assertThat(said).hasSize(3).containsOnly(said.getFirst());
      assertThat(err.toString(StandardCharsets.UTF_8))
          .contains("CELL_UNAVAILABLE: no placer", "NOT_WRITER: another writes");
    }
  }

  @Test
  void aCommandThatWaitsIsAskedForWhenTheAgentSleepsAndGoesOnWithTheNextBody() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              said.add(line.open("RUNNING").hear());
              line.text(RECEIPT).text("{'type':'status','state':'HIBERNATED','body':1}");
              said.add(line.hear());
              line.text("{'type':'receipt','commandId':'c1','state':'QUEUED','existing':true}")
                  .text("{'type':'started','cursor':'2.1','commandId':'c1'}")
                  .text("{'type':'ended','cursor':'2.2','commandId':'c1','exitCode':7}")
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(7);

      assertThat(said).hasSize(2);
      assertThat(said.get(0)).isEqualTo(said.get(1));
    }
  }

  @Test
  void aCommandThatEndedLongAgoStillHasItsExitCode() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              line.open("RUNNING").hear();
              line.text(
                      "{'type':'receipt','commandId':'c1','state':'ENDED','existing':true,'exitCode':3}")
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(3);

      assertThat(err.toString(StandardCharsets.UTF_8)).contains("its output is not kept any more");
    }
  }

  @Test
  void whatAnotherCommandOfTheSameIdDidIsNotTakenForTheAnswer() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              line.open("RUNNING").text(STARTED).text(ENDED).hear();
              line.text(
                      "{'type':'problem','commandId':'c1',"
                          + "'problem':{'reason':'COMMAND_ID_REUSED','message':'other words'}}")
                  .hear();
            })) {
      assertThat(exec(session, "--", "other")).isEqualTo(ExitCodes.RUN_BROKEN);

      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo("weft: COMMAND_ID_REUSED: other words\n");
    }
  }

  @Test
  void whatIsRefusedIsToldWithItsReason() {
    try (FakeSession session =
        new FakeSession(line -> line.refuse(410, "AGENT_OVER", "agent: TERMINATED"))) {
      assertThat(exec(session, "--", "true")).isEqualTo(ExitCodes.RUN_BROKEN);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo("weft: AGENT_OVER: agent: TERMINATED\n");
    }
    try (FakeSession session =
        new FakeSession(
            line -> {
              line.open("RUNNING").hear();
              line.text(
                      "{'type':'problem','commandId':'c1',"
                          + "'problem':{'reason':'COMMANDS_FULL','message':'100 wait'}}")
                  .hear();
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(ExitCodes.RUN_BROKEN);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("COMMANDS_FULL: 100 wait");
    }
  }

  @Test
  void anAgentThatEndsTakesItsCommandWithIt() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              line.open("RUNNING").hear();
              line.text(STARTED).close(1000);
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(ExitCodes.RUN_BROKEN);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("the agent is over");
    }
  }

  @Test
  void aRevokedTokenIsNotTriedAgain() {
    try (FakeSession session =
        new FakeSession(
            line -> {
              line.open("RUNNING").hear();
              line.close(1008);
            })) {
      assertThat(exec(session, "--", "true")).isEqualTo(ExitCodes.RUN_BROKEN);
      assertThat(session.paths()).hasSize(1);
    }
  }

  @Test
  void logsShowsEveryFrameAsTextAndEndsWhenThatWasAll() {
    try (FakeSession session =
        new FakeSession(
            line ->
                line.open("RUNNING")
                    .text(STARTED)
                    .text(output("1.2", "c1", "stdout", "'text':'out\\n'"))
                    .terminal(1, 3, "$ ")
                    .text(ENDED)
                    .text("{'type':'gap','after':'1.4','until':'2.1','reason':'HOME_LOST'}")
                    .hear())) {
      assertThat(weft(session, "agent", "logs", AGENT)).isZero();

      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("out\n$ ");
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo(
              """
              weft: c1 began
              weft: c1 ended with 7
              weft: frames are missing after 1.4, until 2.1 (HOME_LOST)
              """);
      assertThat(session.paths()).containsExactly(path("?mode=viewer"));
    }
  }

  @Test
  void aCursorThatIsNoneOfTheSessionIsNamedAndReplaced() {
    try (FakeSession session =
        new FakeSession(
            line ->
                line.open("RUNNING")
                    .text(
                        "{'type':'gap','after':'9.9','until':'1.3','cursor':'1.2',"
                            + "'reason':'CURSOR_UNKNOWN','problem':{'message':'cursor: 9.9"
                            + " (expected: at most 1.2, where this session is)'}}")
                    .close(1001),
            line -> line.open("RUNNING").hear())) {
      assertThat(weft(session, "agent", "logs", AGENT, "--cursor", "9.9")).isZero();

      assertThat(err.toString(StandardCharsets.UTF_8))
          .startsWith(
              "weft: cursor: 9.9 (expected: at most 1.2, where this session is); it goes on with"
                  + " what comes now\n");
      assertThat(session.paths())
          .containsExactly(path("?mode=viewer&cursor=9.9"), path("?mode=viewer&cursor=1.2"));
    }
  }

  @Test
  void aViewerSeesTheTerminalAndWhatHappensToTheAgentToItsEnd() {
    try (FakeSession session =
        new FakeSession(
            line ->
                line.open("RUNNING")
                    .terminal(1, 1, "before ")
                    .text("{'type':'status','state':'HIBERNATED','body':1}")
                    .text("{'type':'status','state':'WAKING','body':1}")
                    .text("{'type':'status','state':'RUNNING','body':2,'workerId':'wkr_2'}")
                    .terminal(2, 1, "after")
                    .close(1001),
            line -> line.open("RUNNING").terminal(2, 2, "!").close(1000))) {
      assertThat(weft(session, "agent", "attach", "--view", "--cursor", "1.0", AGENT)).isZero();

      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("before after!");
      assertThat(err.toString(StandardCharsets.UTF_8))
          .contains("weft: hibernated\n", "waking your agent ☕ …", "weft: body 2 on wkr_2\n")
          .contains("weft: connecting again");
      assertThat(session.paths())
          .containsExactly(path("?mode=viewer&cursor=1.0"), path("?mode=viewer&cursor=2.1"));
    }
  }

  private int exec(FakeSession session, String... arguments) {
    String[] all = new String[arguments.length + 5];
    System.arraycopy(new String[] {"agent", "exec", AGENT, "--id", "c1"}, 0, all, 0, 5);
    System.arraycopy(arguments, 0, all, 5, arguments.length);
    return weft(session, all);
  }

  private int weft(FakeSession session, String... arguments) {
    out.reset();
    err.reset();
    Map<String, String> environment =
        Map.of(
            "WEFT_URL",
            session.url(),
            "WEFT_TOKEN",
            FakeGateway.TOKEN,
            "WEFT_HOME",
            home.toString());
    Context context =
        new Context(
            home,
            environment,
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return Weft.commandLine(context).execute(arguments);
  }

  private static String path(String query) {
    return "/v1/agents/" + AGENT + "/session" + query;
  }

  private static String output(String cursor, String command, String stream, String bytes) {
    return "{'type':'output','cursor':'%s','commandId':'%s','stream':'%s',%s}"
        .formatted(cursor, command, stream, bytes);
  }
}
