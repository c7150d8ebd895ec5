package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.proto.internal.cell.v1.FetchShardsRequest;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.app.TenantEraser;
import dev.weft.router.app.TenantErasures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tenant is erased from the store first and from the cell then. */
class TenantErasuresTest {

  private final RouterFixture router = new RouterFixture().holding();
  private final List<String> erased = new ArrayList<>();
  private final TenantErasures erasures =
      new TenantErasures(router.placer, this::erase, Runnable::run);

  @AfterEach
  void close() {
    router.close();
  }

  private long erase(long epoch, String tenant) {
    erased.add(tenant + "@" + epoch);
    return 7;
  }

  @Test
  void whatTheCellKnowsGoesWithTheRows() {
    router.keeper.keep();
    TestWorker worker = router.worker(1).greeted();
    var spec = RouterFixture.NOOP.toBuilder().setUser("ada");
    String task = router.submit(router.submission().setSpec(spec)).getAccepted().getTask().getId();
    worker.succeed(worker.awaitAssignment(task).getKey(), TaskResult.getDefaultInstance());
    new CellCalls(router).end(task);
    router.keeper.keep();
    assertThat(users()).isEqualTo(1);

    assertThat(erasures.erase("acme").toCompletableFuture().join()).isEqualTo(7);

    assertThat(erased).containsExactly("acme@1");
    assertThat(users()).isZero();
    router.keeper.keep();
    assertThat(router.shards.load().seats()).isEmpty();
  }

  @Test
  void aTaskThatWasLetInMeanwhileIsTold() {
    router.accepted();

    assertThatThrownBy(() -> erasures.erase("acme").toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(TenantEraser.OpenTasks.class);
  }

  @Test
  void aStandbyErasesNothing() {
    router.standsBy();

    assertThatThrownBy(() -> erasures.erase("acme").toCompletableFuture().join())
        .hasRootCauseInstanceOf(TaskQueries.Denied.class);
    assertThat(erased).isEmpty();
  }

  private int users() {
    return router
        .shardService()
        .fetchShards(FetchShardsRequest.getDefaultInstance())
        .getShards(0)
        .getUsers();
  }
}
