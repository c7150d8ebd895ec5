package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft shards}, and what else says of shards. */
class ShardsCommandTest {
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
  void eachShardIsListedWithItsUsersItsMemoryAndItsWorkersByName() throws IOException {
    assertThat(rig.weft("shards")).isZero();

    assertThat(rig.stdout())
        .containsPattern("SHARD +FROM +WHY +USERS +LEAVING +SPLITS +MEMORY +WORKERS")
        .containsPattern(
            "1 +- +FIRST +612 +3 +1 +25% of 16\\.0 GiB +browser-useast-03 gpu-tokyo-01")
        .containsPattern("2 +1 +USERS +589 +0 +0 +0% of 0\\.0 GiB +gpu-tokyo-01");

    assertThat(rig.weft("shards", "-o", "json")).isZero();
    assertThat(MeshApi.JSON.readTree(rig.stdout()).path("version").asText()).isEqualTo("7");
  }

  @Test
  void theUserTravelsInTheSpec() {
    rig.weft("submit", "--user", "ada", "--", "true");

    assertThat(rig.gateway().submitted().getFirst().path("spec").path("user").asText())
        .isEqualTo("ada");
  }

  @Test
  void whySaysWhichShardsWorkersWerePreferred() {
    ObjectNode decision = (ObjectNode) Samples.decisions().path("decisions").get(0);
    decision.put("shard", 2);
    ((ObjectNode) decision.path("candidates").get(0)).put("shard", 1.0);

    String text = new DecisionText(WorkerNames.of(List.of())).render(decision);

    assertThat(text).contains(", shard 2)").containsPattern("COST +SHARD").contains("1.000\n");
  }
}
