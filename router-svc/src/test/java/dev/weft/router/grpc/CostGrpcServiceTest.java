package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.costs.v1.CostGroup;
import dev.weft.proto.costs.v1.CostLine;
import dev.weft.proto.internal.cell.v1.FetchCostsRequest;
import dev.weft.router.app.CostReader;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.placement.Workers;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Costs through a whole router. */
class CostGrpcServiceTest {

  private static final String WORKER = WireIds.text(Workers.id(1));

  private final RouterFixture router = new RouterFixture().holding();
  private TestWorker worker;

  @BeforeEach
  void join() {
    worker = router.worker(1).greeted();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aTaskHasItsCostAndItsWorkersNameAndId() {
    router.costs.keep(
        router.store.epoch(),
        List.of(new SeenPrice(Workers.id(1), "w", 3_600_000_000L, "USD", Duration.ZERO)));
    String task = running();

    CostLine line = fetch(ask(CostGroup.COST_GROUP_TASK).setTaskId(task));

    assertThat(line.getKey()).isEqualTo(task);
    assertThat(line.getCost().getCurrencyCode()).isEqualTo("USD");
    long ran = line.getRunTime().getSeconds() * 1_000_000 + line.getRunTime().getNanos() / 1_000;
    assertThat(line.getCost().getMicros()).isEqualTo(ran);
    assertThat(line.getUnpricedAttemptCount()).isZero();
    CostLine own = fetch(ask(CostGroup.COST_GROUP_WORKER));
    assertThat(own.getKey()).isEqualTo(WORKER);
    assertThat(own.getName()).isEqualTo("w");
  }

  @Test
  void withoutAPriceTheCostIsUnsetAndTheWorkerIsNamed() {
    running();

    CostLine line = fetch(ask(CostGroup.COST_GROUP_CLASS));

    assertThat(line.hasCost()).isFalse();
    assertThat(line.getUnpricedAttemptCount()).isEqualTo(1);
    assertThat(line.getUnpricedWorkers(0).getWorkerId()).isEqualTo(WORKER);
  }

  @Test
  void anUnknownAndAnotherTenantsTaskAreNotFound() {
    String task = running();

    refused(
        ask(CostGroup.COST_GROUP_TASK).setTaskId(task).setTenant("somebody"),
        RouterReason.TASK_NOT_FOUND.name(),
        task);
    refused(
        ask(CostGroup.COST_GROUP_TASK).setTaskId("tsk_00000000000000000000000001"),
        RouterReason.TASK_NOT_FOUND.name(),
        "tsk_00000000000000000000000001");
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    Timestamp now = Timestamp.newBuilder().setSeconds(System.currentTimeMillis() / 1_000).build();
    refused(
        ask(CostGroup.COST_GROUP_DAY).setSince(now).setUntil(now),
        "INVALID_FIELD",
        "(expected: later than since, which is ");
    refused(
        ask(CostGroup.COST_GROUP_DAY).setSince(Timestamp.newBuilder().setSeconds(1)),
        "INVALID_FIELD",
        "since: 1970-01-01T00:00:01Z (expected: 20");
    refused(
        ask(CostGroup.COST_GROUP_DAY).setUntil(Timestamp.newBuilder().setNanos(-1)),
        "INVALID_FIELD",
        "until: 0.-1 (expected: ");
    refused(ask(CostGroup.COST_GROUP_UNSPECIFIED), "INVALID_FIELD", "by: 0 (expected: TASK, ");
    refused(ask(CostGroup.COST_GROUP_TASK).clearTenant(), "INVALID_FIELD", "by: TASK (expected: ");
    refused(ask(CostGroup.COST_GROUP_DAY).setPageSize(1_001), "INVALID_FIELD", "page_size: 1001");
    refused(
        ask(CostGroup.COST_GROUP_DAY).setPageToken("no token"), "INVALID_PAGE_TOKEN", "no token");
    refused(ask(CostGroup.COST_GROUP_TASK).setTaskId("nonsense"), "INVALID_FIELD", "nonsense");
  }

  @Test
  void aSumThatTakesTooLongSaysWhatToAskInstead() {
    router.costs.fail(new CostReader.TooMuch(new IllegalStateException()));

    refused(
        ask(CostGroup.COST_GROUP_WORKER),
        RouterReason.COST_RANGE_TOO_WIDE.name(),
        "(expected: a shorter range)");
  }

  private void refused(FetchCostsRequest.Builder request, String reason, String words) {
    assertThatThrownBy(() -> fetch(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(StatusMapper.fromStatus(failure).reason()).isEqualTo(reason);
              assertThat(failure.getStatus().getDescription()).contains(words);
            });
  }

  private String running() {
    String task = router.accepted();
    worker.awaitAssignment(task);
    return task;
  }

  private CostLine fetch(FetchCostsRequest.Builder request) {
    return router.costReport().fetchCosts(request.build()).getCostLines(0);
  }

  private static FetchCostsRequest.Builder ask(CostGroup by) {
    return FetchCostsRequest.newBuilder().setTenant("acme").setBy(by);
  }
}
