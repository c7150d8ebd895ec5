package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.app.agent.FakeHome;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.BodyEnd;
import dev.weft.worker.domain.agent.SessionEvent.Notice;
import dev.weft.worker.domain.agent.SessionEvent.TerminalEnded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent's terminal, in a real sandbox that waited for it. */
class AgentTerminalIT {

  /** What a terminal is told by a program that takes the whole of it, and that gives it back. */
  private static final String ENTER_SCREEN = "\u001b[?1049h";

  private static final String LEAVE_SCREEN = "\u001b[?1049l";

  @SuppressWarnings("NullAway.Init") // made before each test
  private AgentRig rig;

  @SuppressWarnings("NullAway.Init")
  private FakeHome home;

  @SuppressWarnings("NullAway.Init")
  private AgentRig.Body body;

  @BeforeEach
  void open() throws Exception {
    rig = AgentRig.openWarm();
    home = rig.home;
    body = rig.start();
    rig.cool();
  }

  @AfterEach
  void close() throws Exception {
    body.execution.end(EndReason.CANCELLED);
    body.join();
    assertThat(rig.sandbox.survivors()).isEmpty();
    rig.close();
  }

  @Test
  void itIsATerminalOfTheSizeThatWasSaid() {
    home.resize(101, 33);
    home.type(
        "test -t 0 && test -t 1 && echo is-a-$((1+1))-terminal; stty size; echo $TERM $PWD\n");
    home.awaitScreen("is-a-2-terminal");
    home.awaitScreen("33 101");
    home.awaitScreen("xterm-256color /workspace");

    home.resize(77, 22);
    home.type("stty size\n");

    home.awaitScreen("22 77");
  }

  @Test
  void whatIsTypedFasterThanItIsTakenIsDroppedAndToldOnce() {
    home.type("x".repeat(70_000));
    home.type("x".repeat(70_000));

    assertThat(home.events(Notice.class))
        .extracting(notice -> notice.failure().reason())
        .containsExactly(FailureReason.INPUT_FULL);
  }

  @Test
  void theShellControlsItsJobs() {
    home.type("tty; sleep 100 & jobs; kill %1; echo job-$((40+2))\n");
    home.awaitScreen("job-42");
    home.awaitScreen("/dev/console");
    assertThat(home.screen())
        .doesNotContain("no job control")
        .doesNotContain("cannot set terminal");
  }

  @Test
  void controlCEndsWhatRunsAndNotTheShell() {
    home.type("echo before-$((1+1)); sleep 1000\n");
    home.awaitScreen("before-2");
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
    home.type("\u0003");
    home.type("echo after-$?\n");

    home.awaitScreen("after-130");
  }

  @Test
  void textOfAnyLanguageGoesBothWays() {
    String text = "Grüße, 世界 🌍|";
    home.type("printf '%s|' 'Grüße, 世界 🌍' | tee said; echo; echo =$(wc -c < said)=\n");
    home.awaitScreen(text);
    home.awaitScreen("=" + text.getBytes(StandardCharsets.UTF_8).length + "=");
  }

  @Test
  void aFullScreenProgramDrawsAndLeavesTheScreen() {
    home.resize(80, 24);
    home.type("seq 1 500 > lines; less lines\n");
    home.awaitScreen(ENTER_SCREEN);
    home.awaitScreen("\n23");
    home.type("G");
    home.awaitScreen("\n500");
    home.type("q");
    home.awaitScreen(LEAVE_SCREEN);
    home.type("echo left-$((1+1))\n");
    home.awaitScreen("left-2");
  }

  @Test
  void theEndOfTheShellIsToldAndTheNextInputOpensAnother() {
    home.type("cd /tmp; exit 5\n");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> home.events(TerminalEnded.class).size() == 1);
    assertThat(home.events(TerminalEnded.class).getFirst().exitCode()).isEqualTo(5);

    home.type("echo again-$((1+1)) $PWD\n");

    home.awaitScreen("again-2 /workspace");
  }

  @Test
  void nobodyCanTypeForOthersThroughTheKernel() {
    home.type(
        "perl -e 'for my $r (0x5412, 0x541C, 0x100005412, 0x10000541C) { my $b = \"x\";"
            + " print \"r=\", (ioctl(STDIN, $r, $b) ? \"typed\" : \"refused-\" . ($!+0)), \"\\n\"; }'\n");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(home.screen().split("r=refused-1[\r\n]", -1)).hasSize(5));
    assertThat(home.screen()).doesNotContain("r=typed");
  }

  @Test
  void commandsAndTheTerminalShareTheWorkspace() {
    home.type("echo from-terminal > shared\n");
    home.run("c", "until [ -s shared ]; do sleep 0.05; done; cat shared");
    assertThat(home.awaitEnd("c").exitCode()).isZero();
    assertThat(home.output("c", false)).isEqualTo("from-terminal\n");
  }

  @Test
  void hibernationEndsTheShellAndWhatRunsInIt() throws Exception {
    home.type("sleep 1000 & nohup sleep 1001 & echo on-$((1+1))\n");
    home.awaitScreen("on-2");
    home.hibernate();

    BodyEnd end = body.end();

    assertThat(end.cause()).isEqualTo(BodyEnd.Cause.HIBERNATED);
    assertThat(home.events(TerminalEnded.class)).hasSize(1);
    assertThat(rig.sandbox.survivors()).isEmpty();
  }
}
