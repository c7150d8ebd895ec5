package dev.weft.platform.grpc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.RawMethods;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against real replicas over TLS on loopback. */
@Timeout(60)
class HolderClientTest {

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final TestCa ca = new TestCa();
  private final List<HostPort> known = new CopyOnWriteArrayList<>();
  private final MeshChannels channels = new MeshChannels(ca.identity("gateway", "gateway-0"));
  private final HolderClient client = new HolderClient("router", () -> known, channels);
  private final List<HolderReplica> replicas = new ArrayList<>();

  private HolderReplica one;
  private HolderReplica two;

  @BeforeEach
  void start() {
    one = replica("router-0", 0);
    two = replica("router-1", 0);
    known.add(one.address);
    known.add(two.address);
  }

  @AfterEach
  void close() {
    client.close();
    channels.close();
    replicas.forEach(replica -> replica.server.stopNow());
  }

  private HolderReplica replica(String nodeId, int port) {
    HolderReplica replica = new HolderReplica(ca.identity("router", nodeId), port);
    replicas.add(replica);
    return replica;
  }

  @Test
  void followsTheAddressOfTheHolderAndStaysThere() throws Exception {
    one.pointsTo(two.address.toString(), 7);
    two.holds();

    assertThat(get(call("a"))).isEqualTo(two.server.port() + ":a");
    assertThat(get(call("b"))).isEqualTo(two.server.port() + ":b");
    assertThat(one.calls).hasValue(1);
    assertThat(two.calls).hasValue(2);
  }

  @Test
  void followsTheHolderWhenItMoves() throws Exception {
    one.holds();
    two.pointsTo(one.address.toString(), 1);
    assertThat(get(call("a"))).startsWith(one.server.port() + ":");

    two.holds();
    one.pointsTo(two.address.toString(), 2);
    assertThat(get(call("b"))).startsWith(two.server.port() + ":");
  }

  @Test
  void findsTheNextHolderWhenTheFormerDies() throws Exception {
    one.holds();
    two.pointsTo(one.address.toString(), 1);
    assertThat(get(call("a"))).startsWith(one.server.port() + ":");

    one.server.stopNow();
    CompletionStage<String> duringTakeover = call("b");
    channels.schedule(two::holds, Duration.ofMillis(700));

    assertThat(get(duringTakeover)).startsWith(two.server.port() + ":");
  }

  @Test
  void findsAReplicaThatComesBackOnItsPort() throws Exception {
    one.holds();
    assertThat(get(call("a"))).startsWith(one.server.port() + ":");
    int port = one.server.port();
    one.server.stopNow();
    two.server.stopNow();
    assertThatThrownBy(() -> get(call("b", Duration.ofSeconds(3))))
        .isInstanceOf(ExecutionException.class);

    replica("router-0", port).holds();

    assertThat(get(call("c"))).isEqualTo(port + ":c");
  }

  @Test
  void leavesAReplicaThatIsFrozen() throws Exception {
    one.isFrozen();
    two.holds();

    assertThat(get(call("a", Duration.ofSeconds(4)))).startsWith(two.server.port() + ":");
  }

  @Test
  void aHintOfAnOlderEpochIsNotFollowed() throws Exception {
    HolderReplica stale = replica("router-2", 0);
    one.pointsTo(two.address.toString(), 5);
    two.holds();
    assertThat(get(call("a"))).startsWith(two.server.port() + ":");

    // Two loses the cell to one; what two still says is of an epoch that is over.
    two.pointsTo(stale.address.toString(), 4);
    stale.holds();
    one.holds();

    assertThat(get(call("b"))).startsWith(one.server.port() + ":");
    assertThat(stale.calls).hasValue(0);
  }

  /** Its address leads each new connection to whoever is thought to hold then. */
  @Test
  void behindARelayAnotherConnectionIsTriedAndNotWhatAReplicaNames() throws Exception {
    HolderReplica unreachable = replica("router-2", 0).holds();
    one.pointsTo(unreachable.address.toString(), 5);
    two.holds();
    try (TestRelay relay = new TestRelay(one.address, two.address);
        HolderClient behind =
            new HolderClient("router", () -> List.of(relay.address()), () -> true, channels)) {
      assertThat(get(behind.call(rpc("a"), DEADLINE))).isEqualTo(two.server.port() + ":a");
      assertThat(get(behind.call(rpc("b"), DEADLINE))).isEqualTo(two.server.port() + ":b");

      assertThat(one.calls).hasValue(1);
      assertThat(unreachable.calls).hasValue(0);
    }
  }

  @Test
  void replicasThatNameEachOtherMakeNoHotLoop() {
    one.pointsTo(two.address.toString(), 0);
    two.pointsTo(one.address.toString(), 0);

    MeshProblem problem = problem(call("a", Duration.ofSeconds(2)));

    assertThat(problem.is(MeshReason.NO_HOLDER)).isTrue();
    assertThat(problem.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(one.calls.get() + two.calls.get()).isBetween(4, 40);
  }

  @Test
  void unusableHintsAreIgnored() throws Exception {
    for (String hint : List.of("nonsense", ":", "host:99999", "a b:1", "")) {
      one.pointsTo(hint, 0);
      two.holds();
      try (HolderClient fresh = new HolderClient("router", () -> known, channels)) {
        assertThat(get(fresh.call(rpc("a"), DEADLINE))).startsWith(two.server.port() + ":");
      }
    }
  }

  @Test
  void whoIsNotOfTheRoleIsNotBelieved() {
    MeshServer impostor =
        MeshServer.builder(ca.identity("registry", "registry-0")).start("127.0.0.1", 0);
    try {
      known.clear();
      known.add(one.address);
      one.pointsTo("127.0.0.1:" + impostor.port(), 9);

      MeshProblem problem = problem(call("a", Duration.ofSeconds(2)));

      assertThat(problem.is(MeshReason.NO_HOLDER)).isTrue();
    } finally {
      impostor.stopNow();
    }
  }

  @Test
  void nobodyThereIsToldWithWhatWasTried() {
    one.server.stopNow();
    two.server.stopNow();

    MeshProblem problem = problem(call("a", Duration.ofSeconds(2)));

    assertThat(problem.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(problem.reason()).isEqualTo("NO_HOLDER");
    assertThat(problem.metadata().get("tried"))
        .contains(one.address.toString())
        .contains(two.address.toString());
    assertThat(problem.message()).startsWith("router: nobody who holds it answered within PT2S");
  }

  @Test
  void noAddressIsToldAndOneThatAppearsIsUsed() throws Exception {
    known.clear();
    one.holds();
    assertThat(problem(call("a", Duration.ofMillis(300))).is(MeshReason.NO_HOLDER)).isTrue();
    assertThatThrownBy(client::channel).isInstanceOf(MeshException.class);

    CompletionStage<String> waiting = call("b");
    known.add(one.address);

    assertThat(get(waiting)).isEqualTo(one.server.port() + ":b");
  }

  @Test
  void manyFailuresAtOnceMoveTheBeliefOnce() throws Exception {
    one.isAway();
    two.holds();
    List<CompletionStage<String>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      calls.add(call("a" + i));
    }

    for (CompletionStage<String> each : calls) {
      assertThat(get(each)).startsWith(two.server.port() + ":");
    }
    // Nobody was sent back to the first replica by a second move.
    assertThat(one.calls.get()).isLessThanOrEqualTo(200);
    assertThat(two.calls).hasValue(200);
  }

  @Test
  void otherFailuresComeThroughAtOnce() {
    one.behaviour =
        (request, observer) ->
            observer.onError(new MeshException(CommonReason.NOT_FOUND, "no such thing"));

    assertThat(problem(call("a")).code()).isEqualTo(Code.NOT_FOUND);
    assertThat(one.calls).hasValue(1);
    assertThat(two.calls).hasValue(0);
  }

  @Test
  void aCallThatMayNotBeRepeatedIsRepeatedOnlyAfterNotHolder() throws Exception {
    one.pointsTo(two.address.toString(), 1);
    two.holds();
    assertThat(get(client.callOnce(rpc("a"), DEADLINE))).startsWith(two.server.port() + ":");

    two.isAway();
    assertThat(problem(client.callOnce(rpc("b"), DEADLINE)).code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(two.calls).hasValue(2);
  }

  @Test
  void streamsLearnFromTheirEnd() {
    Channel first = client.channel();
    MeshException notHolder =
        new MeshException(CommonReason.NOT_HOLDER, "not the holder")
            .with("address", two.address.toString());

    assertThat(client.failed(first, notHolder)).isTrue();
    Channel second = client.channel();
    assertThat(second).isNotSameAs(first);
    // A late failure of the first stream does not move the belief away from the second.
    client.failed(first, new MeshException(CommonReason.UNAVAILABLE, "gone"));
    assertThat(client.channel()).isSameAs(second);
    assertThat(client.failed(second, new MeshException(CommonReason.UNAVAILABLE, "gone")))
        .isFalse();
    assertThat(client.channel()).isSameAs(first);
  }

  @Test
  void moreStreamsThanAConnectionTakesLeaveRoomForCalls() throws Exception {
    one.behaviour =
        (request, observer) -> {
          if (!request.equals("stay")) {
            observer.onNext(request);
            observer.onCompleted();
          }
        };
    int streams = MeshLimits.defaults().maxCallsPerConnection() + 200;
    List<ListenableFuture<String>> open = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      open.add(rpc("stay").apply(client.channel()));
    }

    await().atMost(DEADLINE).until(() -> one.calls.get() == streams);
    assertThat(get(call("a", Duration.ofSeconds(2)))).isEqualTo("a");
    assertThat(open).noneMatch(ListenableFuture::isDone);
  }

  @Test
  void cancellingTheStageEndsTheCall() {
    CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    one.behaviour =
        (request, observer) ->
            ((ServerCallStreamObserver<String>) observer)
                .setOnCancelHandler(() -> cancelled.complete(true));
    CompletionStage<String> call = call("a");
    await().until(() -> one.calls.get() == 1);

    call.toCompletableFuture().cancel(true);

    assertThat(cancelled).succeedsWithin(10, SECONDS);
    assertThat(two.calls).hasValue(0);
  }

  @Test
  void closingEndsWhatWaits() {
    one.isAway();
    two.isAway();
    CompletionStage<String> call = call("a");
    await().until(() -> one.calls.get() > 0);

    client.close();

    assertThat(problem(call).is(MeshReason.NO_HOLDER)).isTrue();
    assertThat(problem(call("b")).is(MeshReason.NO_HOLDER)).isTrue();
  }

  private CompletionStage<String> call(String message) {
    return call(message, DEADLINE);
  }

  private CompletionStage<String> call(String message, Duration deadline) {
    return client.call(rpc(message), deadline);
  }

  private static Function<Channel, ListenableFuture<String>> rpc(String message) {
    return channel ->
        ClientCalls.futureUnaryCall(
            channel.newCall(RawMethods.UNARY, CallOptions.DEFAULT), message);
  }

  private static String get(CompletionStage<String> stage) throws Exception {
    return stage.toCompletableFuture().get(DEADLINE.toMillis() + 5_000, MILLISECONDS);
  }

  private static MeshProblem problem(CompletionStage<String> stage) {
    try {
      throw new AssertionError("the call got through: " + get(stage));
    } catch (ExecutionException e) {
      return StatusMapper.fromStatus(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
