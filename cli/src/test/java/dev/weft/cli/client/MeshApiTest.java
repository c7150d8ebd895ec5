package dev.weft.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.FakeGateway;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"OVERLOADED", "QUEUE_FULL"})
  void anyThrottledCallWaitsAsLongAsTheMetadataSay(String reason) {
    gateway.throttle(1, reason, Map.of("retry_after_ms", "250"), "60");
    long start = System.nanoTime();

    api.submit(MeshApi.JSON.createObjectNode(), "k");

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(250));
    assertThat(gateway.requests()).hasSize(2);
  }

  @Test
  void theHeaderCountsWhereTheMetadataSayNothing() {
    gateway.throttle(1, "QUEUE_FULL", Map.of(), "1");
    long start = System.nanoTime();

    api.submit(MeshApi.JSON.createObjectNode(), "k");

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(gateway.requests()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Wed, 21 Oct 2026 07:28:00 GMT", "-5", "99999999999999999999"})
  void aHeaderThatIsNoNumberOfSecondsIsPassedOver(String header) {
    gateway.throttle(1, "QUEUE_FULL", Map.of(), header);

    api.submit(MeshApi.JSON.createObjectNode(), "k");

    assertThat(gateway.requests()).hasSize(2);
  }

  @Test
  void aPauseBeyondThePatienceIsToldAtOnceWhoeverAsksForIt() {
    gateway.throttle(1, "OVERLOADED", Map.of(), "60");

    assertThatThrownBy(() -> api.submit(MeshApi.JSON.createObjectNode(), "k"))
        .isInstanceOfSatisfying(
            ApiException.class, it -> assertThat(it.delay()).isEqualTo(Duration.ofMinutes(1)));
    assertThat(gateway.requests()).hasSize(1);
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
