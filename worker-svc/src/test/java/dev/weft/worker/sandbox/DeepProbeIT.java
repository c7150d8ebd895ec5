package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.Tally;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.WorkView.Activity;
import dev.weft.worker.app.probe.DeepProbe;
import dev.weft.worker.domain.probe.ProbeFinding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worker's own command in the real sandbox. */
class DeepProbeIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final WorkView IDLE =
      new WorkView(
          Activity.IDLE, 8, 0, List.of(), new Tally.Totals(0, 0, Duration.ZERO, 0), true, false);

  @Test
  void aSandboxThatWorksIsFoundWellAndNothingIsLeftOfTheCommand() throws Exception {
    try (SandboxRig rig = SandboxRig.open()) {
      assertThat(probe(rig).ask(TIMEOUT)).containsExactly(ProbeFinding.own("sandbox", ""));

      assertThat(rig.survivors()).isEmpty();
      try (var left = Files.list(Path.of(rig.attemptRoot()))) {
        assertThat(left).noneMatch(path -> path.toString().contains("probe_deep"));
      }
    }
  }

  private static DeepProbe probe(SandboxRig rig) {
    ShellExecutor shell =
        new ShellExecutor(
            new ShellExecutor.Setup(
                rig.sandbox(),
                rig.kit().workspaces(),
                rig.mesh().carrying().unlogged(),
                SandboxRig.LIMITS,
                false,
                Duration.ofSeconds(2),
                Ticker.system()));
    return new DeepProbe(shell, rig.sandbox().level(), () -> IDLE);
  }
}
