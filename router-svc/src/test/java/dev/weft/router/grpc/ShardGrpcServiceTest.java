package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.internal.cell.v1.FetchShardsRequest;
import dev.weft.proto.internal.cell.v1.FetchShardsResponse;
import dev.weft.proto.internal.work.v1.WorkerHello;
import dev.weft.proto.placement.v1.Shard;
import dev.weft.proto.placement.v1.ShardReason;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.domain.cell.CellUsers;
import dev.weft.router.domain.shard.Seat;
import dev.weft.router.domain.shard.Shards;
import dev.weft.router.domain.shard.StoredShards;
import dev.weft.router.domain.shard.UserKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shards over the whole router, of four users each; rows are stored when the test says so. */
class ShardGrpcServiceTest {

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void close() {
    router.close();
  }

  @Test
  void usersAreCountedStoredAndKnownToTheNextPlacer() {
    router.keeper.keep();
    submit("ada");
    submit("ada");
    submit("bob");
    router.keeper.keep();

    assertThat(fetch().getTargetUsers()).isEqualTo(4);
    Shard first = fetch().getShards(0);
    assertThat(first.getUsers()).isEqualTo(2);
    assertThat(first.getReason()).isEqualTo(ShardReason.SHARD_REASON_FIRST);
    assertThat(first.hasCreateTime()).isFalse();
    assertThat(router.shards.load().seats())
        .extracting(Seat::user)
        .containsExactlyInAnyOrder(new UserKey("acme", "ada"), new UserKey("acme", "bob"));

    router.standsBy();
    router.keeper.keep();
    router.holding();
    assertThat(fetch().getShards(0).getUsers()).isZero();
    router.keeper.keep();
    assertThat(fetch().getShards(0).getUsers()).isEqualTo(2);
  }

  @Test
  void aSplitIsStoredWithWhoMovedAndTheNextPlacerGoesOnFromThere() {
    router.keeper.keep();
    for (int i = 0; i < 20; i++) {
      submit("user-" + i);
    }
    await().until(() -> fetch().getShardsCount() > 3 && leaving() == 0);
    FetchShardsResponse before = fetch();
    router.keeper.keep();
    StoredShards stored = router.shards.load();
    assertThat(stored.split()).hasSize(before.getShardsCount() - 1);

    router.standsBy();
    router.holding();
    router.keeper.keep();

    assertThat(fetch().getShardsList())
        .extracting(Shard::getUsers)
        .isEqualTo(before.getShardsList().stream().map(Shard::getUsers).toList());
    assertThat(fetch().getShards(1).getParent()).isEqualTo(1);
    assertThat(fetch().getShards(1).hasCreateTime()).isTrue();
  }

  @Test
  void moreUsersThanOnePartHoldsAreAdoptedByTheNextPlacer() {
    List<Seat> seats =
        IntStream.range(0, 2_500)
            .mapToObj(i -> new Seat(new UserKey("acme", "user-" + i), 1, 30_000))
            .toList();
    router.shards.save(router.store.epoch(), Shards.changes(1, List.of(), List.of(), seats));

    router.keeper.keep();

    assertThat(fetch().getShardsList().stream().mapToInt(Shard::getUsers).sum()).isEqualTo(2_500);
  }

  @Test
  void whoRunsSomethingOverATakeoverIsFoundByItsTasksRow() {
    router.keeper.keep();
    TestWorker worker = router.worker(1).greeted();
    for (int i = 0; i < 5; i++) {
      submit("user-" + i);
    }
    await().until(() -> worker.assignments().size() == 5);
    await().until(() -> fetch().getShardsCount() > 1);
    router.keeper.keep();
    router.standsBy();
    router.holding();
    WorkerHello.Builder hello = worker.hello();
    worker.assignments().forEach(one -> hello.addRunning(one.getKey()));
    router.dial(1).send(hello);
    router.keeper.keep();
    await().until(() -> due().strangers().size() == 5);
    int before = leaving();

    router.keeper.keep();

    await().until(() -> due().strangers().isEmpty());
    assertThat(before).isPositive();
    assertThat(leaving()).isEqualTo(before);
  }

  @Test
  void everyBodyOfAnAgentIsItsUsers() throws Exception {
    router.keeper.keep();
    TestWorker worker = router.worker(1).greeted();
    new AgentCalls(router)
        .open(AgentCalls.request().setSpec(AgentSpec.newBuilder().setUser("ada")));
    await().until(() -> worker.assignments().size() == 1);
    router.keeper.keep();

    assertThat(TaskSpec.parseFrom(worker.assignments().getFirst().getSpec()).getUser())
        .isEqualTo("ada");
    assertThat(router.shards.load().seats())
        .extracting(Seat::user)
        .containsExactly(new UserKey("acme", "ada"));
  }

  @Test
  void aChangeWhoseReplyIsLostIsStoredAgainAndCountsOnce() {
    router.keeper.keep();
    submit("ada");
    router.shards.loseNextReply();
    assertThatThrownBy(router.keeper::keep).hasMessageContaining("lost");

    router.keeper.keep();

    assertThat(router.shards.load().seats()).hasSize(1);
    assertThat(due().changes().isEmpty()).isTrue();
  }

  @Test
  void aStandbySendsToTheHolder() {
    router.standsBy();
    assertThatThrownBy(this::fetch).hasMessageContaining("not here");
  }

  private void submit(String user) {
    var spec = RouterFixture.NOOP.toBuilder().setUser(user);
    assertThat(router.submit(router.submission().setSpec(spec)).hasAccepted()).isTrue();
  }

  private FetchShardsResponse fetch() {
    return router.shardService().fetchShards(FetchShardsRequest.getDefaultInstance());
  }

  private int leaving() {
    return fetch().getShardsList().stream().mapToInt(Shard::getLeavingUsers).sum();
  }

  private CellUsers.Due due() {
    CompletableFuture<CellUsers.Due> due = new CompletableFuture<>();
    router.placer.tellNow(
        cell -> due.complete(cell.users().due()),
        denial -> due.completeExceptionally(new IllegalStateException(denial.message())));
    return due.join();
  }
}
