package dev.weft.worker.app.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.Executor;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.AttemptResult.Report;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.probe.ProbeFinding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeepProbeTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final List<Assignment> assigned = new ArrayList<>();
  private Optional<Failure> failure = Optional.empty();
  private Optional<String> said = Optional.empty();
  private int used;
  private boolean draining;
  private final DeepProbe probe =
      new DeepProbe(
          new Answering(), SandboxLevel.BUBBLEWRAP, () -> WorkViews.of(used, 4, true, draining));

  @Test
  void aCommandThatSaysItsWordIsWell() throws InterruptedException {
    assertThat(probe.ask(TIMEOUT)).containsExactly(ProbeFinding.own("sandbox", ""));
  }

  @Test
  void eachHasAWordAndAWorkspaceOfItsOwn() throws InterruptedException {
    probe.ask(TIMEOUT);
    probe.ask(TIMEOUT);

    assertThat(assigned).extracting(Assignment::key).doesNotHaveDuplicates();
    assertThat(assigned).extracting(DeepProbeTest::word).doesNotHaveDuplicates();
  }

  @Test
  void itEndsBeforeTheProbeIsGivenUp() throws InterruptedException {
    probe.ask(TIMEOUT);

    assertThat(assigned.getFirst().timeout()).isEqualTo(Duration.ofSeconds(24));
  }

  @Test
  void aSandboxThatCanNotBeMadeIsTheFault() throws InterruptedException {
    failure = Optional.of(new Failure(FailureReason.SANDBOX_FAILED, "bwrap:\nno such file"));

    assertThat(probe.ask(TIMEOUT))
        .containsExactly(ProbeFinding.own("sandbox", "bwrap: no such file"));
  }

  @Test
  void outputThatIsNotTheCommandsIsAFault() throws InterruptedException {
    said = Optional.of("something else");

    assertThat(probe.ask(TIMEOUT).getFirst().fault())
        .isEqualTo("the command said: something else (expected: probe 1)");
  }

  @Test
  void whileAllSlotsAreTakenOrTheWorkerDrainsItWaits() {
    assertThat(probe.possible()).isTrue();
    used = 4;
    assertThat(probe.possible()).isFalse();
    used = 0;
    draining = true;
    assertThat(probe.possible()).isFalse();
  }

  private static String word(Assignment assignment) {
    return Objects.requireNonNull(((Work.Shell) assignment.work()).environment().get("PROBE"));
  }

  private final class Answering implements Executor {
    @Override
    public String kind() {
      return Work.Shell.KIND;
    }

    @Override
    public Execution start(Assignment assignment, Listener listener) {
      assigned.add(assignment);
      byte[] bytes = (said.orElse(word(assignment)) + "\n").getBytes(StandardCharsets.UTF_8);
      Report report =
          new Report(
              0,
              new CapturedOutput(bytes, bytes, new byte[0], false, false, bytes.length),
              Duration.ofMillis(20),
              Duration.ZERO,
              0);
      listener.started(assignment.key());
      listener.ended(new AttemptResult(assignment.key(), failure, report));
      return reason -> {};
    }
  }
}
