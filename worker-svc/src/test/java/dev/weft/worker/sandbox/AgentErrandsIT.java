package dev.weft.worker.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.app.agent.FakeHome;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.BodyErrand;
import dev.weft.worker.domain.agent.CommandOutcome;
import dev.weft.worker.domain.agent.SavedWorkspace;
import dev.weft.worker.domain.agent.SessionEvent.CommandEnded;
import dev.weft.worker.domain.agent.SessionEvent.Notice;
import dev.weft.worker.domain.agent.SessionEvent.Saved;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What bodies do themselves, beside real sandboxes. */
class AgentErrandsIT {

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

  private static SavedWorkspace stored(CommandEnded end) {
    assertThat(end.failure()).isEmpty();
    assertThat(end.exitCode()).isZero();
    return ((CommandOutcome.Stored) end.outcome().orElseThrow()).workspace();
  }

  private static void cancel(AgentRig.Body body) {
    body.execution.end(EndReason.CANCELLED);
    assertThat(body.join().failure()).isPresent();
  }

  @Test
  void theWorkspaceIsStoredByWishAsItIsThoughACommandRuns() {
    AgentRig.Body body = rig.start();
    home.run("busy", "echo first > a; until [ -f go ]; do sleep 0.05; done; echo over");
    home.awaitStart("busy");
    home.run("write", "until [ -f a ]; do sleep 0.05; done; echo second > b");
    home.awaitEnd("write");

    home.storeWorkspace("wish");
    SavedWorkspace stored = stored(home.awaitEnd("wish"));

    assertThat(home.ends("busy")).isZero();
    assertThat(rig.mesh.files(stored.artifact()))
        .isEqualTo(Map.of("a", "first\n", "b", "second\n"));
    assertThat(home.events(Saved.class)).contains(new Saved(stored));
    home.storeWorkspace("again");
    assertThat(stored(home.awaitEnd("again")).manifest()).isEqualTo(stored.manifest());
    home.storeWorkspace("wish");
    home.run("go", "touch go");
    assertThat(home.awaitEnd("busy").exitCode()).isZero();
    assertThat(home.ends("wish")).isOne();
    cancel(body);
  }

  @Test
  void aWishThatCanNotBeFulfilledIsToldAndTheBodyGoesOn() {
    AgentRig.Body body = rig.start();
    rig.mesh.full = true;

    home.storeWorkspace("wish");
    CommandEnded end = home.awaitEnd("wish");

    assertThat(end.failure().orElseThrow().reason()).isEqualTo(FailureReason.ARTIFACTS_UNAVAILABLE);
    assertThat(end.outcome()).isEmpty();
    assertThat(home.events(Notice.class)).isEmpty();
    rig.mesh.full = false;
    home.storeWorkspace("better");
    stored(home.awaitEnd("better"));
    cancel(body);
  }

  @Test
  void aForkStoresWhatItBeginsWithAsItsOwn() {
    AgentRig.Body first = rig.start();
    home.run("write", "echo theirs > a");
    home.awaitEnd("write");
    home.storeWorkspace("wish");
    String theirs = stored(home.awaitEnd("wish")).artifact();
    cancel(first);

    AgentRig.Body fork = rig.startFork(theirs);

    await().atMost(Duration.ofSeconds(10)).until(() -> !home.events(Saved.class).isEmpty());
    SavedWorkspace own = home.events(Saved.class).getFirst().workspace();
    assertThat(own.artifact()).isNotEqualTo(theirs);
    assertThat(rig.mesh.files(own.artifact())).isEqualTo(Map.of("a", "theirs\n"));
    assertThat(List.of(own.incomplete())).containsExactly(Optional.empty());
    cancel(fork);
  }

  @Test
  void filesComeAndGoWhileACommandRunsAndBelongToTheAgent() {
    AgentRig.Body body = rig.start();
    home.run("busy", "until [ -f in/now ]; do sleep 0.05; done; echo over");
    home.awaitStart("busy");
    String artifact = rig.mesh.upload("from outside\n");

    home.put("put", artifact, "in/now");
    CommandEnded put = home.awaitEnd("put");

    assertThat(put.outcome()).contains(new CommandOutcome.Placed(1, 13));
    assertThat(home.awaitEnd("busy").exitCode()).isZero();
    home.run("change", "cat in/now; echo more >> in/now; stat -c %a in/now");
    assertThat(home.awaitEnd("change").exitCode()).isZero();
    assertThat(home.output("change", false)).isEqualTo("from outside\n644\n");
    home.get("get", "in/now");
    CommandOutcome.Fetched fetched =
        (CommandOutcome.Fetched) home.awaitEnd("get").outcome().orElseThrow();
    assertThat(rig.mesh.text(fetched.artifact())).isEqualTo("from outside\nmore\n");
    home.get("gone", "in/gone");
    assertThat(home.awaitEnd("gone").failure().orElseThrow().reason())
        .isEqualTo(FailureReason.INVALID_FIELD);
    cancel(body);
  }

  @Test
  void whatTheAgentRemembersIsSeenByItsProgramsAndTravelsWithItsWorkspace() {
    AgentRig.Body first = rig.start();
    home.errand("set", new BodyErrand.SetMemory("plan", "go on".getBytes(UTF_8)));
    assertThat(home.awaitEnd("set").failure()).isEmpty();
    home.run("use", "cat $WEFT_MEMORY/plan; echo seen > $WEFT_MEMORY/mark");
    assertThat(home.awaitEnd("use").exitCode()).isZero();
    assertThat(home.output("use", false)).isEqualTo("go on");
    home.storeWorkspace("wish");
    String workspace = stored(home.awaitEnd("wish")).artifact();
    cancel(first);

    AgentRig.Body fork = rig.startFork(workspace);
    home.errand("get", new BodyErrand.GetMemory("mark"));

    CommandOutcome.Remembered known =
        (CommandOutcome.Remembered) home.awaitEnd("get").outcome().orElseThrow();
    assertThat(new String(known.entries().getFirst().value(), UTF_8)).isEqualTo("seen\n");
    home.errand("rm", new BodyErrand.RemoveMemory("mark"));
    home.awaitEnd("rm");
    home.errand("list", new BodyErrand.ListMemory());
    assertThat(
            ((CommandOutcome.Remembered) home.awaitEnd("list").outcome().orElseThrow()).entries())
        .extracting(CommandOutcome.Memory::key)
        .containsExactly("plan");
    home.errand("bad", new BodyErrand.GetMemory("../plan"));
    assertThat(home.awaitEnd("bad").failure().orElseThrow().reason())
        .isEqualTo(FailureReason.INVALID_FIELD);
    cancel(fork);
  }
}
