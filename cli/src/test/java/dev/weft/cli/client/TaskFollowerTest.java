package dev.weft.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.FakeGateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskFollowerTest {
  private static final Pace QUICK =
      new Pace(Duration.ofMillis(500), Duration.ofMillis(10), Duration.ofSeconds(5));

  private final FakeGateway gateway = new FakeGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void everyChangeIsToldOnceOverManyBreaks() {
    gateway.streams(
        List.of(List.of("QUEUED"), List.of(), List.of("LEASED", "RUNNING"), List.of("SUCCEEDED")));
    List<String> seen = new ArrayList<>();

    follower(gateway.url()).follow(FakeGateway.TASK, event -> seen.add(event.state()));

    assertThat(seen).containsExactly("QUEUED", "LEASED", "RUNNING", "SUCCEEDED");
    assertThat(gateway.resumedAfter()).containsExactly("", "conn0.0", "conn0.0", "conn2.1");
  }

  @Test
  void gatewayThatComesBackWithinThePatienceIsEnough() throws Exception {
    int port = gateway.port();
    gateway.streams(List.of(List.of("QUEUED")));
    TaskFollower follower = follower("http://127.0.0.1:" + port);
    CountDownLatch queued = new CountDownLatch(1);
    CompletableFuture<TaskView> task =
        CompletableFuture.supplyAsync(
            () -> follower.follow(FakeGateway.TASK, event -> queued.countDown()));
    queued.await();

    gateway.close();
    try (FakeGateway next = new FakeGateway(port)) {
      next.streams(List.of(List.of("SUCCEEDED")));

      assertThat(task.get().state()).isEqualTo("SUCCEEDED");
      assertThat(next.resumedAfter()).first().asString().startsWith("conn");
    }
  }

  @Test
  void withoutAnyGatewayItGivesUpAndNamesThem() {
    gateway.close();

    assertThatThrownBy(() -> follower(gateway.url()).follow(FakeGateway.TASK, event -> {}))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining(gateway.url());
  }

  @Test
  void unknownTaskEndsAtOnce() {
    assertThatThrownBy(() -> follower(gateway.url()).follow("tsk_other/none", event -> {}))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("tsk_other");
  }

  private static TaskFollower follower(String url) {
    return new TaskFollower(new MeshApi(Endpoints.parse(url), FakeGateway.TOKEN, QUICK));
  }
}
