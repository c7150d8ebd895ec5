package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft price} as it is typed. */
class PriceCommandTest {
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
  void theTableIsListedAsItIsOrWas() throws IOException {
    assertThat(rig.weft("price", "list")).isZero();

    assertThat(rig.stdout())
        .containsPattern("MODEL +A MILLION IN +A MILLION OUT +VERSION +SINCE +BY")
        .containsPattern("acme/small +3\\.00 EUR +0\\.00025 EUR +7 +2026-01-03T00:00:00Z +acme/ops")
        .endsWith("version 7 of the table\n");
    assertThat(rig.gateway().requests().getLast()).isEqualTo("GET /v1/model-prices");
    assertThat(rig.weft("price", "list", "--table", "6", "-o", "json")).isZero();
    assertThat(rig.gateway().requests().getLast()).isEqualTo("GET /v1/model-prices?version=6");
    assertThat(MeshApi.JSON.readTree(rig.stdout()).path("prices")).hasSize(1);
  }

  @Test
  void oneIsSetAndTakenAway() throws IOException {
    assertThat(
            rig.weft(
                "price", "set", "acme/small", "--in", "3", "--out", "0.00025", "--currency", "EUR"))
        .isZero();
    assertThat(rig.stdout()).contains("acme/small");
    assertThat(rig.gateway().requests().getLast()).isEqualTo("PUT /v1/model-prices");
    assertThat(rig.gateway().sent())
        .isEqualTo(
            MeshApi.JSON.readTree(
                "{\"model\":\"acme/small\",\"currencyCode\":\"EUR\",\"inputMicros\":\"3000000\","
                    + "\"outputMicros\":\"250\"}"));

    assertThat(rig.weft("price", "rm", "acme/small", "-o", "json")).isZero();
    assertThat(rig.gateway().requests().getLast())
        .isEqualTo("DELETE /v1/model-prices?model=acme%2Fsmall");
    assertThat(MeshApi.JSON.readTree(rig.stdout()).path("deleted").asText())
        .isEqualTo("acme/small");
  }

  @Test
  void anAmountThatIsNoneIsRefusedBeforeAnythingIsAsked() {
    assertThat(rig.weft("price", "set", "small", "--in", "-3", "--out", "1"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("--in: -3 (expected: an amount of at least 0, for example 3");
    assertThat(rig.weft("price", "set", "small", "--in", "3", "--out", "1USD"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("--out: 1USD (expected: an amount");
    assertThat(rig.weft("price", "set", "small", "--in", "3")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("--out");
    assertThat(rig.weft("price", "list", "--table", "-1")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.gateway().requests()).isEmpty();
  }
}
