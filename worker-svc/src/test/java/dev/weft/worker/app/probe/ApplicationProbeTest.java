package dev.weft.worker.app.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.probe.ProbeFinding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationProbeTest {

  private @TempDir Path directory;
  private final Asked artifact = new Asked("artifact");
  private final Asked gateway = new Asked("gateway");
  private boolean placer = true;

  @Test
  void aWorkerThatHasAllThatItNeedsIsWellAndLeavesNothingBehind() throws Exception {
    assertThat(ask(directory))
        .containsExactly(
            ProbeFinding.ofService("placer", ""),
            ProbeFinding.own("disk", ""),
            ProbeFinding.ofService("artifact", ""),
            ProbeFinding.ofService("gateway", ""));
    try (var left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aServiceThatDoesNotAnswerIsNamedAndIsNotHeldToBeTheWorkersOwn() {
    artifact.fault = Optional.of("no answer");

    assertThat(ask(directory))
        .contains(ProbeFinding.ofService("artifact", "no answer"))
        .contains(ProbeFinding.ofService("gateway", ""));
  }

  @Test
  void servicesHaveLessThanTheTimeoutSoThatTheProbeItselfIsInTime() {
    ask(directory);

    assertThat(artifact.patience).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void aServiceThatTheMeshDoesNotHaveIsNotMissed() {
    gateway.known = false;

    assertThat(ask(directory)).extracting(ProbeFinding::subject).doesNotContain("gateway");
  }

  @Test
  void withoutAPlacerItSaysSo() {
    placer = false;

    assertThat(ask(directory))
        .contains(ProbeFinding.ofService("placer", "none answers this worker"));
  }

  @Test
  void aDiskThatTakesNothingIsTheWorkersOwnFault() {
    List<ProbeFinding> findings = ask(directory.resolve("gone"));

    assertThat(findings)
        .filteredOn(finding -> !finding.well())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.subject()).isEqualTo("disk");
              assertThat(finding.shared()).isFalse();
              assertThat(finding.fault()).contains("NoSuchFileException");
            });
  }

  private List<ProbeFinding> ask(Path where) {
    return new ApplicationProbe(
            () -> WorkViews.of(0, 4, placer, false),
            List.of(artifact, gateway),
            where,
            Runnable::run)
        .ask(Duration.ofSeconds(10));
  }

  private static final class Asked implements SharedService {
    private final String name;
    private boolean known = true;
    private Optional<String> fault = Optional.empty();
    private Duration patience = Duration.ZERO;

    Asked(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean known() {
      return known;
    }

    @Override
    public Optional<String> fault(Duration atMost) {
      patience = atMost;
      return fault;
    }
  }
}
