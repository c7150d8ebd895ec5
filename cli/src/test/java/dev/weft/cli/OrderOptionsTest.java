package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderOptionsTest {
  @TempDir Path home;
  private CommandRig rig;

  @BeforeEach
  void start() {
    rig = new CommandRig(home);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void howATaskStandsAmongOtherWorkTravelsInTheSpec() {
    rig.weft(
        "submit",
        "--class",
        "P4",
        "--queue",
        "planning",
        "--deadline",
        "1m30s",
        "--expiry",
        "2h",
        "--not-before",
        "500ms",
        "--preemptible",
        "--",
        "true");
    rig.weft("submit", "--", "true");

    JsonNode spec = rig.gateway().submitted().getFirst().path("spec");
    assertThat(spec.path("priorityClass").asText()).isEqualTo("PRIORITY_CLASS_P4");
    assertThat(spec.path("queue").asText()).isEqualTo("planning");
    assertThat(spec.path("deadline").asText()).isEqualTo("90s");
    assertThat(spec.path("expiry").asText()).isEqualTo("7200s");
    assertThat(spec.path("notBefore").asText()).isEqualTo("0.5s");
    assertThat(spec.path("preemptible").asBoolean()).isTrue();
    assertThat(rig.gateway().submitted().get(1).path("spec").fieldNames())
        .toIterable()
        .containsExactly("shell");
  }

  @Test
  void runTakesThemToo() {
    assertThat(rig.weft("run", "--queue", "review", "--preemptible", "--", "true")).isZero();

    JsonNode spec = rig.gateway().submitted().getFirst().path("spec");
    assertThat(spec.path("queue").asText()).isEqualTo("review");
    assertThat(spec.path("preemptible").asBoolean()).isTrue();
  }

  @Test
  void aDeadlineThatIsNoDurationIsRefusedBeforeItIsSent() {
    assertThat(rig.weft("submit", "--deadline", "soon", "--", "true")).isEqualTo(ExitCodes.USAGE);

    assertThat(rig.stderr()).contains("duration: soon (expected: for example 500ms, 30s");
    assertThat(rig.gateway().submitted()).isEmpty();
  }
}
