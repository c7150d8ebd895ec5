package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft limits} as it is typed. */
class LimitsCommandTest {
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
  void whatATenantMayHaveAndHasIsShownForEachClass() {
    assertThat(rig.weft("limits", "--all-tenants")).isZero();

    assertThat(rig.stdout())
        .startsWith("acme: tier premium, instances: 3\n")
        .containsPattern("CLASS +CPU +MEMORY +DISK +SLOTS")
        .containsPattern("P0 and below +500 of 12000m +257 of 24576 MiB +0 of 61440 MiB +1 of 96")
        .containsPattern("P6 +0 of 1500m")
        .containsPattern("each user +2400m +4915 MiB +12288 MiB +19")
        .containsPattern("user ada, 2 wait +500 of 2400m +256 of 4915 MiB +0 of 12288 MiB +1 of 19")
        .containsPattern("CLASS +LLM TOKENS A MINUTE +NETWORK BYTES A SECOND")
        .containsPattern("P0 and below +2400 +75000000")
        .containsPattern("P6 +300 +9375000")
        .containsPattern("each user +1200 +15000000")
        .endsWith("submissions of a tenant: 100000 a second, 200000 at once\n");
    assertThat(rig.gateway().requests().getLast()).isEqualTo("GET /v1/limits?allTenants=true");
  }

  @Test
  void aTenantWithoutATierIsToldSo() throws IOException {
    assertThat(LimitText.of(MeshApi.JSON.readTree("{\"limits\": []}")))
        .startsWith("no tier is set: nothing bounds what runs at once, or is used over time\n");
  }

  @Test
  void aTierIsSetAndTakenAway() throws IOException {
    assertThat(rig.weft("limits", "set", "acme", "premium", "--instances", "3")).isZero();
    assertThat(rig.stdout()).contains("acme: tier premium");
    assertThat(rig.gateway().requests().getLast()).isEqualTo("PUT /v1/limits/acme");

    assertThat(rig.weft("limits", "rm", "acme", "-o", "json")).isZero();
    assertThat(rig.gateway().requests().getLast()).isEqualTo("DELETE /v1/limits/acme");
    assertThat(MeshApi.JSON.readTree(rig.stdout()).path("deleted").asText()).isEqualTo("acme");
  }

  @Test
  void aTierThatIsNoneIsRefusedBeforeAnythingIsAsked() {
    assertThat(rig.weft("limits", "set", "acme", "gold")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr())
        .contains("TIER: gold (expected: one of free, basic, premium, enterprise)");
    assertThat(rig.weft("limits", "set", "acme", "free", "--instances", "0"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("--instances: 0 (expected: 1..10000)");
    assertThat(rig.gateway().requests()).isEmpty();
  }
}
