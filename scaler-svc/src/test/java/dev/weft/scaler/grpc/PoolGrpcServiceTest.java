package dev.weft.scaler.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.testing.InProcessMesh;
import dev.weft.proto.pools.v1.GetPoolRequest;
import dev.weft.proto.pools.v1.InstanceState;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.Pool;
import dev.weft.proto.pools.v1.PoolInstance;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.pools.v1.ResizePoolRequest;
import dev.weft.scaler.app.KeeperFixture;
import dev.weft.scaler.domain.plan.WorkerSeen.Standing;
import dev.weft.scaler.domain.pool.Pools;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolGrpcServiceTest {

  private static final String NAME = Pools.NAME.text();

  private final KeeperFixture scaler = new KeeperFixture();
  private final InProcessMesh mesh = InProcessMesh.of(new PoolGrpcService(scaler.keeper));
  private final PoolServiceGrpc.PoolServiceBlockingStub pools =
      PoolServiceGrpc.newBlockingStub(mesh.channel());

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aPoolIsShownWithItsWorkersAndItsLastAction() {
    scaler.begun().healthy(1);

    Pool pool = pools.listPools(ListPoolsRequest.getDefaultInstance()).getPools(0);

    assertThat(pool.getName()).isEqualTo(NAME);
    assertThat(pool.getProvider()).isEqualTo("fake");
    assertThat(pool.getDesired()).isEqualTo(1);
    assertThat(pool.getMost()).isEqualTo(8);
    assertThat(pool.getRevision()).isPositive();
    assertThat(pool.getLastAction().getKind()).isEqualTo("START");
    assertThat(pool.getInstancesList())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.getId()).startsWith("ins_");
              assertThat(one.getWorkerName()).isEqualTo(Pools.worker(1));
              assertThat(one.getState()).isEqualTo(InstanceState.INSTANCE_STATE_RUNNING);
              assertThat(one.hasUpdateTime()).isTrue();
            });
    assertThat(get()).isEqualTo(pool);
  }

  @Test
  void everyStateHasItsWord() {
    scaler.begun();
    scaler.rounds(1);
    assertThat(states()).containsExactly(InstanceState.INSTANCE_STATE_STARTING);
    scaler.healthy(1);
    scaler.see(Pools.worker(1), Standing.DRAINED, Duration.ofSeconds(10));
    scaler.rounds(1);
    assertThat(states())
        .containsExactly(
            InstanceState.INSTANCE_STATE_DRAINING, InstanceState.INSTANCE_STATE_STARTING);
    scaler.provider.dies(Pools.worker(2));
    scaler.rounds(1);
    assertThat(states())
        .containsExactly(
            InstanceState.INSTANCE_STATE_DRAINING,
            InstanceState.INSTANCE_STATE_STARTING,
            InstanceState.INSTANCE_STATE_ENDED);
  }

  @Test
  void aResizeIsAnsweredWithThePoolAsItIsThen() {
    scaler.begun();
    long before = get().getRevision();

    Pool pool =
        pools
            .resizePool(ResizePoolRequest.newBuilder().setName(NAME).setDesired(5).build())
            .getPool();

    assertThat(pool.getDesired()).isEqualTo(5);
    assertThat(pool.getRevision()).isGreaterThan(before);
    assertThat(get()).isEqualTo(pool);
    assertThat(
            pools
                .resizePool(ResizePoolRequest.newBuilder().setName(NAME).setDesired(5).build())
                .getPool())
        .as("again")
        .isEqualTo(pool);
  }

  @Test
  void nonsenseIsRefused() {
    scaler.begun();

    MeshProblem size = problem(() -> resize(NAME, 9));
    assertThat(size.reason()).isEqualTo("INVALID_FIELD");
    assertThat(size.metadata()).containsEntry("expected", "0 to 8");
    assertThat(problem(() -> resize(NAME, -1)).metadata()).containsEntry("value", "4294967295");
    MeshProblem unknown = problem(() -> resize("other", 1));
    assertThat(unknown.reason()).isEqualTo("POOL_NOT_FOUND");
    assertThat(unknown.metadata()).containsEntry("name", "other");
  }

  @Test
  void aStandbyNamesTheHolder() {
    scaler.holding.mine = false;
    scaler.holding.address = "there:7200";

    MeshProblem why = problem(() -> pools.listPools(ListPoolsRequest.getDefaultInstance()));

    assertThat(why.reason()).isEqualTo("NOT_HOLDER");
    assertThat(why.metadata()).containsEntry("address", "there:7200");
  }

  @Test
  void whoHoldsAndStillLoadsIsUnavailable() {
    assertThat(problem(this::get).reason()).isEqualTo("UNAVAILABLE");
  }

  private Pool get() {
    return pools.getPool(GetPoolRequest.newBuilder().setName(NAME).build()).getPool();
  }

  private Pool resize(String name, int desired) {
    return pools
        .resizePool(ResizePoolRequest.newBuilder().setName(name).setDesired(desired).build())
        .getPool();
  }

  private java.util.List<InstanceState> states() {
    return get().getInstancesList().stream().map(PoolInstance::getState).toList();
  }

  private static MeshProblem problem(Callable<?> call) {
    MeshProblem[] found = new MeshProblem[1];
    assertThatThrownBy(call::call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> found[0] = StatusMapper.fromStatus(e));
    return found[0];
  }
}
