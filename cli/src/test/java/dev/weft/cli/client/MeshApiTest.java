package dev.weft.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.FakeGateway;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeshApiTest {

  private static final Pace PACE =
      new Pace(Duration.ofSeconds(5), Duration.ofMillis(10), Duration.ofSeconds(5));

  private final FakeGateway gateway = new FakeGateway();
  private final MeshApi api = new MeshApi(Endpoints.parse(gateway.url()), FakeGateway.TOKEN, PACE);

  @AfterEach
  void stop() {
    api.close();
    gateway.close();
  }

  @Test
  void whoHandsInTooMuchWaitsAsLongAsItIsTold() {
    gateway.throttle(2, Duration.ofMillis(150));
    long start = System.nanoTime();

    api.submit(MeshApi.JSON.createObjectNode(), "k");

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    assertThat(gateway.requests()).hasSize(3);
    assertThat(gateway.submitted())
        .allSatisfy(it -> assertThat(it.path("requestId").asText()).isEqualTo("k"));
  }

  @Test
  void aPauseBeyondThePatienceIsToldAtOnce() {
    gateway.throttle(1, Duration.ofMinutes(1));

    assertThatThrownBy(() -> api.submit(MeshApi.JSON.createObjectNode(), "k"))
        .isInstanceOfSatisfying(
            ApiException.class, it -> assertThat(it.reason()).isEqualTo("SUBMIT_RATE"))
        .hasMessageContaining("10 per second");
    assertThat(gateway.requests()).hasSize(1);
  }
}
