package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.app.agent.FakeHome;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.BodyEnd;
import dev.weft.worker.domain.agent.SessionEvent.Notice;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How bodies in real sandboxes end. */
class AgentEndIT {

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

  private List<FailureReason> notices() {
    return home.events(Notice.class).stream().map(notice -> notice.failure().reason()).toList();
  }

  @Test
  void aBodyThatNobodyHurriesEndsOnlyWhenItsWorkspaceIsStored() {
    AgentRig.Body body = rig.start();
    rig.mesh.full = true;
    home.hibernate();
    await().atMost(Duration.ofSeconds(10)).until(() -> !notices().isEmpty());
    await().during(Duration.ofMillis(2500)).until(() -> !body.isOver());

    rig.mesh.full = false;
    BodyEnd end = body.end();

    assertThat(end.cause()).isEqualTo(BodyEnd.Cause.HIBERNATED);
    assertThat(end.workspace()).isPresent();
    assertThat(end.incomplete()).isEmpty();
    assertThat(notices()).containsExactly(FailureReason.ARTIFACTS_UNAVAILABLE);
  }

  @Test
  void aDrainGivesTheWorkspaceUpInTimeAlsoWhereTheBodyWaitsAlready() {
    AgentRig.Body body = rig.start();
    rig.mesh.full = true;
    home.hibernate();
    await().atMost(Duration.ofSeconds(10)).until(() -> !notices().isEmpty());

    body.execution.drain(Duration.ofSeconds(4));
    BodyEnd end = body.end();

    assertThat(end.workspace()).isEmpty();
    assertThat(end.incomplete().orElseThrow().reason())
        .isEqualTo(FailureReason.ARTIFACTS_UNAVAILABLE);
  }

  @Test
  void aBodyThatWaitsForItsWorkspaceCanBeCancelled() {
    AgentRig.Body body = rig.start();
    rig.mesh.full = true;
    home.hibernate();
    await().atMost(Duration.ofSeconds(10)).until(() -> !notices().isEmpty());

    body.execution.end(EndReason.CANCELLED);

    assertThat(body.join().failure()).isPresent();
  }

  @Test
  void itSaysWhichOfItsCommandsItBegan() throws Exception {
    AgentRig.Body body = rig.start();
    home.run("over", "true");
    home.awaitEnd("over");
    IntStream.range(0, 17).forEach(i -> home.run("c" + i, "sleep 100"));
    home.awaitStart("c15");
    home.hibernate();
    home.run("late", "true");

    BodyEnd end = body.end();

    assertThat(end.begun()).hasSize(17).contains("over", "c0", "c15").doesNotContain("c16", "late");
    assertThat(rig.sandbox.survivors()).isEmpty();
  }
}
