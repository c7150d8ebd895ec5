package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.app.agent.FakeHome;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.AgentCommand;
import dev.weft.worker.domain.agent.AgentSignal;
import dev.weft.worker.domain.agent.BodyEnd;
import dev.weft.worker.domain.agent.SessionEvent.CommandEnded;
import dev.weft.worker.domain.agent.SessionEvent.CommandStarted;
import dev.weft.worker.domain.agent.SessionEvent.Notice;
import dev.weft.worker.domain.agent.SessionEvent.Saved;
import dev.weft.worker.domain.agent.SessionFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands of an agent, in the real sandbox. */
class AgentCommandsIT {

  @SuppressWarnings("NullAway.Init") // made before each test
  private AgentRig rig;

  @SuppressWarnings("NullAway.Init")
  private FakeHome home;

  @BeforeEach
  void open() throws Exception {
    rig = AgentRig.open();
    home = rig.home;
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static Optional<FailureReason> reason(CommandEnded end) {
    return end.failure().map(failure -> failure.reason());
  }

  private void end(AgentRig.Body body) throws Exception {
    body.execution.end(EndReason.CANCELLED);
    assertThat(body.join().failure()).isPresent();
    assertThat(home.saidGoodbye()).isFalse();
    assertThat(rig.sandbox.survivors()).isEmpty();
  }

  @Test
  void aCommandTellsItsOutputAndItsExitCode() throws Exception {
    AgentRig.Body body = rig.start();
    home.run("c1", "echo out; echo err >&2; echo $COLOUR $WEFT_AGENT_ID $WEFT_COMMAND_ID; exit 3");

    CommandEnded end = home.awaitEnd("c1");

    assertThat(end.exitCode()).isEqualTo(3);
    assertThat(end.failure()).isEmpty();
    assertThat(home.output("c1", false)).isEqualTo("out\nblue agt_rig c1\n");
    assertThat(home.output("c1", true)).isEqualTo("err\n");
    assertThat(home.frames().stream().mapToLong(SessionFrame::number))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, home.frames().size()).boxed().toList());
    end(body);
  }

  @Test
  void theSameIdIsRunOnce() throws Exception {
    AgentRig.Body body = rig.start();
    home.run("c1", "echo x >> count; cat count");
    home.run("c1", "echo x >> count; cat count");
    home.awaitEnd("c1");
    home.run("c1", "echo x >> count; cat count");
    home.run("c2", "wc -l < count");
    home.awaitEnd("c2");

    assertThat(home.output("c2", false).strip()).isEqualTo("1");
    assertThat(home.ends("c1")).isOne();
    end(body);
  }

  @Test
  void twoCommandsAtOnceShareTheWorkspaceAndNeitherEndsTheOther() throws Exception {
    AgentRig.Body body = rig.start();
    home.run(
        "a", "until [ -f from-b ]; do sleep 0.05; done; echo a > from-a; sleep 0.3; cat from-b");
    home.run("b", "echo b > from-b; until [ -f from-a ]; do sleep 0.05; done; cat from-a");

    assertThat(home.awaitEnd("b").exitCode()).isZero();
    assertThat(home.awaitEnd("a").exitCode()).isZero();

    assertThat(home.output("a", false)).isEqualTo("b\n");
    assertThat(home.output("b", false)).isEqualTo("a\n");
    end(body);
  }

  @Test
  void commandsHoldTogetherToTheMemoryThatTheBodyHasReserved() throws Exception {
    AgentRig.Body body = rig.start();
    long mib = SandboxRig.LIMITS.memoryBytes() / SandboxRig.MIB * 6 / 10;
    String taking =
        "perl -e '$|=1; my $n = 1 << 20; my @a; push @a, \"x\" x $n for 1.."
            + mib
            + "; print \"has\"; sleep 1 until -e \"go\"'";
    home.run("a", taking);
    await().until(() -> home.output("a", false).contains("has"));
    home.run("b", taking);

    await().until(() -> home.ends("a") + home.ends("b") > 0);
    String over = home.ends("a") > 0 ? "a" : "b";
    home.run("go", "touch go");

    assertThat(reason(home.awaitEnd(over))).contains(FailureReason.MEMORY_LIMIT);
    CommandEnded other = home.awaitEnd(over.equals("a") ? "b" : "a");
    assertThat(other.failure()).isEmpty();
    assertThat(other.exitCode()).isZero();
    end(body);
  }

  @Test
  void commandsHoldTogetherToTheProcessesThatTheBodyMayHave() throws Exception {
    AgentRig.Body body = rig.start();
    int most = SandboxRig.LIMITS.processes() * 8 / 10;
    String taking =
        "perl -e '$|=1; for (1.."
            + most
            + ") { my $p = fork(); if (!defined $p) { print \"refused\"; sleep 600 }"
            + " if (!$p) { sleep 600 } } print \"all\"; sleep 600'";
    home.run("a", taking);
    await().until(() -> home.output("a", false).contains("all"));
    home.run("b", taking);

    await()
        .until(
            () ->
                home.output("b", false).contains("refused") || home.ends("a") + home.ends("b") > 0);
    assertThat(home.output("b", false)).doesNotContain("all");
    end(body);
  }

  @Test
  void aSignalGoesToTheProcessGroupAndNamesItselfInTheExitCode() throws Exception {
    AgentRig.Body body = rig.start();
    home.run("trapped", "trap 'echo got; exit 7' INT; sleep 100 & echo ready; wait");
    home.run("plain", "echo ready; sleep 100");
    await().until(() -> home.output("trapped", false).contains("ready"));
    await().until(() -> home.output("plain", false).contains("ready"));

    home.signal("trapped", AgentSignal.INT);
    home.signal("plain", AgentSignal.KILL);

    assertThat(home.awaitEnd("trapped").exitCode()).isEqualTo(7);
    assertThat(home.output("trapped", false)).isEqualTo("ready\ngot\n");
    CommandEnded killed = home.awaitEnd("plain");
    assertThat(killed.exitCode()).isEqualTo(137);
    assertThat(reason(killed)).contains(FailureReason.CANCELLED_BY_USER);
    end(body);
  }

  @Test
  void aTimeoutEndsACommandAndAllThatItStarted() throws Exception {
    AgentRig.Body body = rig.start();
    home.run(
        new AgentCommand(
            "c",
            List.of("(setsid sleep 100 &); sleep 100"),
            true,
            "",
            Optional.of(Duration.ofMillis(500)),
            ""));

    assertThat(reason(home.awaitEnd("c"))).contains(FailureReason.WALL_TIME_LIMIT);

    assertThat(rig.sandbox.survivors()).isEmpty();
    end(body);
  }

  @Test
  void whatCanNotRunSaysWhy() throws Exception {
    AgentRig.Body body = rig.start();
    home.run(new AgentCommand("none", List.of("no-such-program"), false, "", Optional.empty(), ""));
    home.run(new AgentCommand("empty", List.of(), false, "", Optional.empty(), ""));
    home.run(new AgentCommand("where", List.of("pwd"), false, "no/where", Optional.empty(), ""));

    CommandEnded missing = home.awaitEnd("none");
    assertThat(missing.exitCode()).isEqualTo(127);
    assertThat(reason(missing)).contains(FailureReason.COMMAND_NOT_FOUND);
    assertThat(reason(home.awaitEnd("empty"))).contains(FailureReason.INVALID_FIELD);
    assertThat(home.awaitEnd("where").exitCode()).isEqualTo(126);
    assertThat(home.output("where", true)).contains("no/where");
    end(body);
  }

  @Test
  void aFolderOfTheWorkspaceCanBeWhereItRuns() throws Exception {
    AgentRig.Body body = rig.start();
    home.run("make", "mkdir -p 'a b/c'");
    home.awaitEnd("make");
    home.run(new AgentCommand("pwd", List.of("pwd"), false, "a b/c", Optional.empty(), ""));

    assertThat(home.awaitEnd("pwd").exitCode()).isZero();
    assertThat(home.output("pwd", false)).isEqualTo("/workspace/a b/c\n");
    end(body);
  }

  @Test
  void moreThan16AtOnceWaitInTheirOrder() throws Exception {
    AgentRig.Body body = rig.start();
    for (int i = 0; i < 18; i++) {
      home.run("c" + i, "until [ -f go ]; do sleep 0.1; done");
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> home.events(CommandStarted.class).size() == 16);
    home.signal("c17", AgentSignal.TERM);
    assertThat(home.awaitEnd("c17").exitCode()).isEqualTo(143);
    home.signal("c0", AgentSignal.KILL);
    home.awaitStart("c16");
    assertThat(home.events(CommandStarted.class)).hasSize(17);
    end(body);
  }

  @Test
  void whileTheFramesTakeNothingTheCommandWaitsAndNothingIsLost() throws Exception {
    AgentRig.Body body = rig.start();
    home.takes(false);
    home.run("c", "head -c 8000000 /dev/zero | tr '\\0' x; echo end");
    await()
        .pollDelay(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(20))
        .until(() -> home.body().frames().last() > 100);
    long held = home.body().frames().last();
    await().during(Duration.ofMillis(500)).until(() -> home.body().frames().last() == held);
    assertThat(home.ends("c")).isZero();

    home.takes(true);

    assertThat(home.awaitEnd("c").exitCode()).isZero();
    assertThat(home.output("c", false)).hasSize(8_000_004).endsWith("xend\n");
    end(body);
  }

  @Test
  void hibernationSavesAndTheNextBodyIsTheSame() throws Exception {
    AgentRig.Body first = rig.start();
    home.run("c", "mkdir d; echo hello > d/f; ln -s d/f l; chmod 600 d/f");
    home.awaitEnd("c");
    home.run("long", "trap 'exit 9' TERM; echo on; sleep 100 & wait");
    await().until(() -> home.output("long", false).contains("on"));
    home.hibernate();
    BodyEnd end = first.end();

    assertThat(end.cause()).isEqualTo(BodyEnd.Cause.HIBERNATED);
    assertThat(home.saidGoodbye()).isTrue();
    assertThat(end.incomplete()).isEmpty();
    var saved = end.workspace().orElseThrow();
    assertThat(saved.paths()).isEqualTo(3);
    assertThat(reason(home.awaitEnd("long"))).contains(FailureReason.COMMAND_INTERRUPTED);
    assertThat(home.awaitEnd("long").exitCode()).isEqualTo(9);
    assertThat(home.events(Saved.class).getLast().workspace().artifact())
        .isEqualTo(saved.artifact());
    assertThat(rig.mesh.lifetimes.getLast()).isEqualTo(Duration.ofDays(365));
    assertThat(rig.mesh.names).containsEntry("agents/agt_rig/workspace", saved.artifact());
    assertThat(rig.sandbox.survivors()).isEmpty();

    AgentRig.Body second = rig.start(Duration.ofMinutes(5), saved.artifact());
    home.run("c", "cat l; stat -c %a d/f");
    home.awaitEnd("c");
    assertThat(home.output("c", false)).isEqualTo("hello\n600\n");
    home.hibernate();
    assertThat(second.end().workspace().orElseThrow().manifest()).isEqualTo(saved.manifest());
  }

  @Test
  void aCommandThatChangedSomethingIsFollowedByASnapshot() throws Exception {
    AgentRig.Body body = rig.start();
    home.run("c", "echo 1 > f");
    await().atMost(Duration.ofSeconds(20)).until(() -> home.events(Saved.class).size() == 1);
    home.run("same", "cat f");
    home.awaitEnd("same");
    home.run("d", "echo 22 > f");
    await().atMost(Duration.ofSeconds(20)).until(() -> home.events(Saved.class).size() == 2);

    assertThat(home.events(Saved.class).getLast().workspace().paths()).isEqualTo(1);
    end(body);
  }

  @Test
  void aWorkspaceThatCanNotBeStoredIsToldAndTheBodyGoesOn() throws Exception {
    AgentRig.Body body = rig.start();
    rig.mesh.full = true;
    home.run("c", "echo 1 > f");
    await().atMost(Duration.ofSeconds(20)).until(() -> home.events(Notice.class).size() == 1);
    assertThat(home.events(Notice.class).getFirst().failure().reason())
        .isEqualTo(FailureReason.ARTIFACTS_UNAVAILABLE);
    home.run("d", "cat f");
    assertThat(home.awaitEnd("d").exitCode()).isZero();
    end(body);
  }

  @Test
  void aBodyEndsAlsoWhenNobodyTakesItsFramesAndItsCommandIsHeld() throws Exception {
    AgentRig.Body body = rig.start();
    home.takes(false);
    home.run("c", "echo x > f; cat /dev/zero");
    await().atMost(Duration.ofSeconds(20)).until(() -> home.body().frames().last() > 100);
    home.hibernate();

    BodyEnd end = body.end();

    assertThat(end.workspace().orElseThrow().paths()).isOne();
    assertThat(rig.sandbox.survivors()).isEmpty();
  }

  @Test
  void idlenessSavesAndEnds() throws Exception {
    AgentRig.Body body = rig.start(Duration.ofSeconds(2), "");
    home.run("c", "sleep 3; echo x > f");
    assertThat(home.awaitEnd("c").exitCode()).isZero();
    home.resize(80, 24);

    BodyEnd end = body.end();

    assertThat(end.cause()).isEqualTo(BodyEnd.Cause.IDLE);
    assertThat(end.workspace().orElseThrow().paths()).isPositive();
    assertThat(rig.sandbox.survivors()).isEmpty();
  }

  @Test
  void aDrainLetsCommandsGoOnForHalfOfItAndThenSaves() throws Exception {
    AgentRig.Body body = rig.start();
    home.run("short", "sleep 1; echo done > short");
    home.run("long", "sleep 100");
    home.awaitStart("short");
    home.awaitStart("long");
    body.execution.drain(Duration.ofSeconds(8));
    home.run("late", "true");

    BodyEnd end = body.end();

    assertThat(end.cause()).isEqualTo(BodyEnd.Cause.DRAINED);
    assertThat(end.workspace().orElseThrow().paths()).isOne();
    assertThat(home.awaitEnd("short").exitCode()).isZero();
    assertThat(reason(home.awaitEnd("long"))).contains(FailureReason.COMMAND_INTERRUPTED);
    assertThat(home.ends("late")).isZero();
  }
}
