package dev.weft.artifact.grpc.output;

import dev.weft.artifact.app.output.FakeLogStore;
import dev.weft.artifact.app.output.FakeWriters;
import dev.weft.artifact.app.output.HeldSegmentBytes;
import dev.weft.artifact.app.output.LogUpkeeping;
import dev.weft.artifact.app.output.MemoryBudget;
import dev.weft.artifact.app.output.OutputLogs;
import dev.weft.artifact.app.output.OutputTimes;
import dev.weft.artifact.app.output.Owner;
import dev.weft.artifact.app.output.Surroundings;
import dev.weft.artifact.app.output.Tails;
import dev.weft.artifact.domain.output.OutputRules;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.grpc.TestPeers;
import dev.weft.platform.testing.InProcessMesh;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.proto.internal.artifact.v1.TailOutputRequest;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Replicas in this JVM over one storage, with the clock in the test's hand. */
final class OutputFixture implements AutoCloseable {

  static final String TASK = "tsk_1";
  static final String TENANT = "acme";
  static final Writer WORKER = new Writer("wkr_1", 7);
  static final OutputRules RULES =
      new OutputRules(64 << 10, 256 << 10, 16 << 10, Duration.ofSeconds(30), 64 << 20);

  final SettableTicker ticker = new SettableTicker();
  final FakeLogStore rows = new FakeLogStore(ticker);
  final HeldSegmentBytes bytes = new HeldSegmentBytes();
  final FakeWriters writers = new FakeWriters();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Replica> replicas = new HashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  OutputFixture() {
    writers.grant(WORKER, TASK, TENANT);
  }

  /** The replica of this address. */
  Replica replica(String address) {
    return replicas.computeIfAbsent(address, Replica::new);
  }

  /** Another replica, for which the first one is a process that was stopped. */
  Replica forgetting(String stopped, String address) {
    replicas.remove(stopped);
    return replica(address);
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    executor.shutdownNow();
  }

  final class Replica {

    final MemoryBudget budget = new MemoryBudget(8 << 20);
    final OutputLogs logs;
    final Tails tails;
    private final LogUpkeeping upkeeping;
    private final OutputGrpcService service;

    private Replica(String address) {
      Surroundings around =
          new Surroundings(rows, bytes, budget, RULES, OutputTimes.defaults(), ticker, executor);
      logs =
          new OutputLogs(
              () -> new Owner("node-" + address, address), writers, around, UUID::randomUUID, 100);
      GrpcOwnerLink owners = new GrpcOwnerLink(this::dial);
      tails = new Tails(logs, owners, 2_000);
      upkeeping =
          new LogUpkeeping(
              logs, rows, log -> CompletableFuture.completedStage(null), Duration.ofDays(7));
      service = new OutputGrpcService(logs, tails, RULES.windowBytes());
      open.add(owners);
    }

    ManagedChannel worker() {
      return as("worker", WORKER.workerId());
    }

    ManagedChannel gateway() {
      return as("gateway", "gateway-1");
    }

    ManagedChannel as(String role, String node) {
      return connect(service, role, node);
    }

    void tick() {
      upkeeping.tick();
      tails.tick();
    }

    private ManagedChannel dial(String address) {
      Replica other = replicas.get(address);
      return other == null
          ? connect(new NobodyThere(), "artifact", "nobody")
          : other.as("artifact", "another");
    }
  }

  private ManagedChannel connect(BindableService service, String role, String node) {
    InProcessMesh mesh = InProcessMesh.of(List.of(service), List.of(TestPeers.as(role, node)));
    open.add(mesh);
    return mesh.channel();
  }

  /** Takes the call and says nothing. */
  private static final class NobodyThere extends OutputServiceGrpc.OutputServiceImplBase {
    @Override
    public void tailOutput(
        TailOutputRequest request, StreamObserver<TailOutputResponse> responses) {
      // Like a stopped process.
    }
  }
}
