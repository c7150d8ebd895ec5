package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.platform.grpc.TestPeers;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.testing.InProcessMesh;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc;
import dev.weft.proto.internal.agent.v1.BodyServiceGrpc;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.CostReportServiceGrpc;
import dev.weft.proto.internal.cell.v1.DemandServiceGrpc;
import dev.weft.proto.internal.cell.v1.LeaseServiceGrpc;
import dev.weft.proto.internal.cell.v1.LetterServiceGrpc;
import dev.weft.proto.internal.cell.v1.ModelPriceTableServiceGrpc;
import dev.weft.proto.internal.cell.v1.PolicyServiceGrpc;
import dev.weft.proto.internal.cell.v1.ShardTableServiceGrpc;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.internal.cell.v1.TenantBudgetServiceGrpc;
import dev.weft.proto.internal.cell.v1.TenantLimitServiceGrpc;
import dev.weft.proto.internal.work.v1.WorkServiceGrpc;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.app.CostQueries;
import dev.weft.router.app.CrashPoints;
import dev.weft.router.app.DeadLetters;
import dev.weft.router.app.DemandQueries;
import dev.weft.router.app.FakeBudgets;
import dev.weft.router.app.FakeCell;
import dev.weft.router.app.FakeCellJournal;
import dev.weft.router.app.FakeCellReader;
import dev.weft.router.app.FakeCosts;
import dev.weft.router.app.FakeModelPrices;
import dev.weft.router.app.FakePolicies;
import dev.weft.router.app.FakeShards;
import dev.weft.router.app.FakeTiers;
import dev.weft.router.app.FleetBook;
import dev.weft.router.app.LeaseQueries;
import dev.weft.router.app.ModelPriceTable;
import dev.weft.router.app.PlacementPolicies;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.PolicyVersion;
import dev.weft.router.app.PriceLog;
import dev.weft.router.app.ShardKeeper;
import dev.weft.router.app.SpendingKeeper;
import dev.weft.router.app.Surroundings;
import dev.weft.router.app.TaskAdmissions;
import dev.weft.router.app.TaskFollowers;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.app.TenantBudgets;
import dev.weft.router.app.TenantTiers;
import dev.weft.router.app.agent.FakeAgents;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.CellSettings;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.cell.Policies;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.shard.ShardPolicy;
import dev.weft.router.domain.task.TaskId;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** A whole router behind gRPC in this process, over tables in memory. */
final class RouterFixture implements AutoCloseable {

  static final TaskSpec NOOP =
      TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()).build();

  private static final int RETENTION_DAYS = 7;
  private static final ShardPolicy FEW_USERS = new ShardPolicy(4, 0.8, 2);
  private static final Metadata.Key<String> WORKER =
      Metadata.Key.of("test-worker", Metadata.ASCII_STRING_MARSHALLER);

  final FakeCell store = new FakeCell(Instant::now);
  final FakeCellJournal journal = new FakeCellJournal(store);
  final FakeCellReader reader = new FakeCellReader(store);
  final TaskFollowers followers = new TaskFollowers();
  private final AtomicInteger ids = new AtomicInteger();
  private final Ticker ticker = Ticker.system();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  final PlacerLoop placer =
      new PlacerLoop(journal, new Around(), epoch -> {}, ticker, CrashPoints.NONE);
  final FleetBook fleet = new FleetBook(placer, new PriceLog(ticker));
  final FakeCosts costs = new FakeCosts(store);
  final FakePolicies policies = new FakePolicies(store);
  final FakeBudgets budgets = new FakeBudgets(store);
  final FakeModelPrices modelPrices = new FakeModelPrices(store);
  final FakeTiers tiers = new FakeTiers(store);
  final SpendingKeeper spending = new SpendingKeeper(placer, budgets);
  final FakeShards shards = new FakeShards(store);
  final ShardKeeper keeper = new ShardKeeper(placer, shards, reader);
  final FakeAgents agents = new FakeAgents(store);
  final AgentFixture agentParts =
      new AgentFixture(placer, reader, followers, agents, timer, ticker);
  private final InProcessMesh mesh;

  RouterFixture() {
    this(TaskSpans.none());
  }

  RouterFixture(TaskSpans spans) {
    TaskQueries queries = new TaskQueries(placer, reader);
    CellGrpcService cell =
        new CellGrpcService(
            placer,
            new TaskAdmissions(placer, reader, ticker),
            queries,
            reader,
            new FollowStreams(followers, queries, reader, timer),
            spans,
            EffortPolicy.STANDARD);
    LeaseGrpcService leases =
        new LeaseGrpcService(
            new LeaseQueries(placer, reader),
            (_, agent, body) -> CompletableFuture.completedStage(agents.given(agent, body)));
    DemandGrpcService demand =
        new DemandGrpcService(
            new DemandQueries(placer),
            timer,
            ticker,
            new DemandGrpcService.Pace(Duration.ofMillis(50), Duration.ofSeconds(1)));
    mesh =
        InProcessMesh.of(
            List.of(
                cell,
                new WorkGrpcService(placer, spans),
                leases,
                demand,
                letters(spans),
                new CostGrpcService(
                    new CostQueries(reader, costs), InstantSource.system(), RETENTION_DAYS),
                new BudgetGrpcService(new TenantBudgets(placer, budgets, timer)),
                new ModelPriceGrpcService(new ModelPriceTable(placer, modelPrices, timer)),
                new LimitGrpcService(new TenantTiers(placer, tiers, timer)),
                new ShardGrpcService(keeper),
                new PolicyGrpcService(
                    new PlacementPolicies(placer, policies, PlacementPolicy.STANDARD, timer)),
                agentParts.cell(spans),
                new BodyGrpcService(new LeaseQueries(placer, reader), agentParts.homes())),
            List.of(new WhoCalls()));
    placer.start();
    agentParts.start();
  }

  private LetterGrpcService letters(TaskSpans spans) {
    IdGenerator minted = new IdGenerator(0, InstantSource.system(), new SplittableRandom());
    return new LetterGrpcService(
        new DeadLetters(
            placer,
            reader,
            reader,
            LetterGrpcService.resubmission(minted, EffortPolicy.STANDARD),
            ticker),
        spans);
  }

  /** Loses the cell, and waits until its memory is given up: who asks from then on is sent on. */
  void standsBy() {
    placer.lost();
    await().until(this::isDenied);
  }

  private boolean isDenied() {
    CompletableFuture<Boolean> denied = new CompletableFuture<>();
    placer.tellNow(_ -> denied.complete(false), _ -> denied.complete(true));
    return denied.join();
  }

  RouterFixture holding() {
    placer.acquired(store.raiseEpoch());
    await().untilAsserted(() -> assertThat(placer.holding()).isTrue());
    return this;
  }

  CellServiceGrpc.CellServiceBlockingStub cell() {
    return CellServiceGrpc.newBlockingStub(mesh.channel());
  }

  DemandServiceGrpc.DemandServiceStub demand() {
    return DemandServiceGrpc.newStub(mesh.channel());
  }

  CostReportServiceGrpc.CostReportServiceBlockingStub costReport() {
    return CostReportServiceGrpc.newBlockingStub(mesh.channel());
  }

  TenantBudgetServiceGrpc.TenantBudgetServiceBlockingStub budgetService() {
    return TenantBudgetServiceGrpc.newBlockingStub(mesh.channel());
  }

  ModelPriceTableServiceGrpc.ModelPriceTableServiceBlockingStub modelPriceService() {
    return ModelPriceTableServiceGrpc.newBlockingStub(mesh.channel());
  }

  TenantLimitServiceGrpc.TenantLimitServiceBlockingStub limitService() {
    return TenantLimitServiceGrpc.newBlockingStub(mesh.channel());
  }

  ShardTableServiceGrpc.ShardTableServiceBlockingStub shardService() {
    return ShardTableServiceGrpc.newBlockingStub(mesh.channel());
  }

  PolicyServiceGrpc.PolicyServiceBlockingStub policyService() {
    return PolicyServiceGrpc.newBlockingStub(mesh.channel());
  }

  LetterServiceGrpc.LetterServiceBlockingStub letters() {
    return LetterServiceGrpc.newBlockingStub(mesh.channel());
  }

  LeaseServiceGrpc.LeaseServiceBlockingStub leases() {
    return LeaseServiceGrpc.newBlockingStub(mesh.channel());
  }

  AgentCellServiceGrpc.AgentCellServiceBlockingStub agentCell() {
    return AgentCellServiceGrpc.newBlockingStub(mesh.channel());
  }

  AgentCellServiceGrpc.AgentCellServiceFutureStub agentCellFuture() {
    return AgentCellServiceGrpc.newFutureStub(mesh.channel());
  }

  /** As the numbered worker. */
  BodyServiceGrpc.BodyServiceBlockingStub body(int number) {
    Metadata certificate = new Metadata();
    certificate.put(WORKER, WireIds.text(Workers.id(number)));
    return BodyServiceGrpc.newBlockingStub(mesh.channel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(certificate));
  }

  CellServiceGrpc.CellServiceStub cellAsync() {
    return CellServiceGrpc.newStub(mesh.channel());
  }

  /** Opens a work stream of the numbered worker, which the registry has shown. */
  TestWorker worker(int number) {
    return worker(number, Workers.view(number));
  }

  /** The same, as the registry shows it so. */
  TestWorker worker(int number, WorkerView view) {
    fleet.show(view, 1);
    return dial(number);
  }

  TestWorker dial(int number) {
    Metadata certificate = new Metadata();
    certificate.put(WORKER, WireIds.text(Workers.id(number)));
    TestWorker worker = new TestWorker(number);
    worker.up =
        WorkServiceGrpc.newStub(mesh.channel())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(certificate))
            .work(worker);
    return worker;
  }

  Submission.Builder submission() {
    TaskId id = new TaskId((System.currentTimeMillis() << 16) | 0x7000, ids.incrementAndGet());
    return Submission.newBuilder()
        .setTaskId(WireIds.text(id))
        .setTenant("acme")
        .setPrincipal("me")
        .setSpec(NOOP)
        .setSpecDigest(ByteString.copyFromUtf8("digest"))
        .setTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  }

  SubmissionResult submit(Submission.Builder submission) {
    return cell()
        .submitTasks(SubmitTasksRequest.newBuilder().addSubmissions(submission).build())
        .getResults(0);
  }

  /** Submits a task that must be taken in, and gives its id. */
  String accepted() {
    SubmissionResult result = submit(submission());
    assertThat(result.hasAccepted()).as("%s", result).isTrue();
    return result.getAccepted().getTask().getId();
  }

  @Override
  public void close() {
    mesh.close();
    agentParts.close();
    placer.close();
    timer.shutdownNow();
  }

  /** In place of certificates: a header names the worker; without one a gateway calls. */
  private static final class WhoCalls implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String worker = headers.get(WORKER);
      ServerInterceptor peer =
          worker == null ? TestPeers.as("gateway", "gw-1") : TestPeers.as("worker", worker);
      return peer.interceptCall(call, headers, next);
    }
  }

  private final class Around implements Surroundings {
    @Override
    public CellLoader loader(long epoch) {
      return new CellLoader(
          CellSettings.STANDARD, policies(), epoch, new SplittableRandom(1), ticker.nanos());
    }

    private Policies policies() {
      PlacementPolicy placement =
          policies.newest().map(PolicyVersion::policy).orElse(PlacementPolicy.STANDARD);
      return Policies.of(placement, OrderPolicy.STANDARD).with(FEW_USERS);
    }

    @Override
    public void prepare(Cell cell) {
      fleet.showAll(cell);
    }

    @Override
    public void released(Release release) {
      followers.released(release);
    }

    @Override
    public void dropped(Denial reason) {
      followers.deny(reason);
    }

    @Override
    public Denial notHolder() {
      return new Denial(
          Denial.Reason.NOT_HOLDER, "not here", Map.of("address", "there:7111", "epoch", "1"));
    }
  }
}
