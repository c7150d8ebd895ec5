package dev.weft.platform.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registration and directory against a real Consul that denies everything without a token. */
@Timeout(180)
class ConsulIT {

  private static final HostPort ONE = new HostPort("127.0.0.1", 7110);
  private static final HostPort TWO = new HostPort("127.0.0.1", 7111);
  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir Path directory;

  private ThrowAwayConsul consul;
  private Vertx observer;
  private ServiceDirectory services;
  private final List<Vertx> processes = new ArrayList<>();

  @BeforeEach
  void start() {
    consul = new ThrowAwayConsul(directory);
    observer = Vertx.vertx();
    services = ServiceDirectory.consul(observer, consul.access(), List.of("router"));
  }

  @AfterEach
  void close() {
    services.close();
    processes.forEach(ConsulIT::end);
    end(observer);
    consul.close();
  }

  @Test
  void whoIsRegisteredIsFoundAndWhoStopsIsGone() throws Exception {
    ServiceRegistration one = register("router-0", ONE);
    register("router-1", TWO);
    awaitAddresses(ONE, TWO);

    one.stop().toCompletableFuture().get(5, TimeUnit.SECONDS);

    awaitAddresses(TWO);
    assertThat(services.addresses("registry")).isEmpty();
  }

  @Test
  void aKilledProcessDropsOutByItself() throws Exception {
    register("router-0", ONE);
    register("router-1", TWO);
    awaitAddresses(ONE, TWO);
    long killed = System.nanoTime();

    end(processes.removeFirst());

    awaitAddresses(TWO);
    // TTL 5 s, the directory's 2 s and some for a busy machine.
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(12));
  }

  @Test
  void everybodyRegistersAgainWhenConsulRestartsEmptyAndNobodyIsForgottenMeanwhile()
      throws Exception {
    ServiceRegistration one = register("router-0", ONE);
    awaitAddresses(ONE);

    consul.restartEmpty();

    assertThat(services.addresses("router")).containsExactly(ONE);
    ServiceDirectory fresh = ServiceDirectory.consul(observer, consul.access(), List.of("router"));
    try {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(fresh.addresses("router")).containsExactly(ONE));
    } finally {
      fresh.close();
    }
    assertThat(services.addresses("router")).containsExactly(ONE);
    await().atMost(SOON).until(one::isRegistered);
  }

  @Test
  void lastKnownAddressesOutliveConsul() throws Exception {
    ServiceRegistration one = register("router-0", ONE);
    awaitAddresses(ONE);

    consul.kill();

    await().atMost(SOON).until(() -> !one.isRegistered());
    await()
        .during(Duration.ofSeconds(4))
        .atMost(SOON)
        .untilAsserted(() -> assertThat(services.addresses("router")).containsExactly(ONE));
    consul.startAgain();
    register("router-1", TWO);
    awaitAddresses(ONE, TWO);
  }

  @Test
  void aProcessStartsWithoutConsulAndRegistersLater() throws Exception {
    consul.kill();

    ServiceRegistration one = register("router-0", ONE);

    assertThat(one.isRegistered()).isFalse();
    consul.startAgain();
    awaitAddresses(ONE);
    assertThat(one.isRegistered()).isTrue();
  }

  @Test
  void aRefusedTokenIsSaidClearlyAndNotShown() {
    String wrong = UUID.randomUUID().toString();
    Vertx vertx = process();
    ServiceRegistration registration =
        new ServiceRegistration(
            vertx,
            consul.access(Optional.of(wrong)),
            new RegisteredService("router", "router-0", ONE));

    assertThatThrownBy(() -> registration.start().toCompletableFuture().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ConsulRefused.class)
        .hasMessageContaining("refuses the token")
        .hasMessageNotContaining(wrong);
    registration.stop();
  }

  @Test
  void noTokenWhereOneIsNeededIsSaidClearly() {
    ServiceRegistration registration =
        new ServiceRegistration(
            process(),
            consul.access(Optional.empty()),
            new RegisteredService("router", "router-0", ONE));

    assertThatThrownBy(() -> registration.start().toCompletableFuture().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ConsulRefused.class);
    registration.stop();
  }

  private ServiceRegistration register(String nodeId, HostPort address) throws Exception {
    ServiceRegistration registration =
        new ServiceRegistration(
            process(), consul.access(), new RegisteredService("router", nodeId, address));
    registration.start().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return registration;
  }

  /**
   * What lives in its own Vertx ends without a word when that is closed, as a killed process does.
   */
  private Vertx process() {
    Vertx vertx = Vertx.vertx();
    processes.add(vertx);
    return vertx;
  }

  private static void end(Vertx vertx) {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void awaitAddresses(HostPort... expected) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(services.addresses("router")).containsExactly(expected));
  }
}
