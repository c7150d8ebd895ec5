package dev.weft.gateway;

import dev.weft.gateway.app.AuditLog;
import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.CoalescerLimits;
import dev.weft.gateway.app.CoalescerTools;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.app.RateGate;
import dev.weft.gateway.app.ServerClock;
import dev.weft.gateway.app.SubmitCoalescer;
import dev.weft.gateway.app.SubmitGate;
import dev.weft.gateway.app.TierBook;
import dev.weft.gateway.app.TierSource;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.gateway.forward.BudgetForwarder;
import dev.weft.gateway.forward.CellTiers;
import dev.weft.gateway.forward.CostForwarder;
import dev.weft.gateway.forward.DeadLetterForwarder;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.LimitForwarder;
import dev.weft.gateway.forward.ModelPriceForwarder;
import dev.weft.gateway.forward.PolicyForwarder;
import dev.weft.gateway.forward.PoolForwarder;
import dev.weft.gateway.forward.RateForwarder;
import dev.weft.gateway.forward.ReplayForwarder;
import dev.weft.gateway.forward.ShardForwarder;
import dev.weft.gateway.forward.SubmitCheck;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.gateway.forward.WorkerForwarder;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.Submission;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** How calls get to the placer and the registry. */
@Singleton
class ForwardBeans {

  private static final Backoff RESEND =
      Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(1));
  private static final Backoff REOPEN =
      Backoff.doubling(Duration.ofMillis(200), Duration.ofSeconds(2));

  private static final long MOST_WAITING_BYTES = 64L << 20;

  private final GatewayConfig config;
  private final SecureRandom random = new SecureRandom();

  ForwardBeans(GatewayConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  Ticker ticker() {
    return Ticker.system();
  }

  @Produces
  @Singleton
  Later later(Vertx vertx) {
    return (delay, task) -> vertx.setTimer(Math.max(1, delay.toMillis()), _ -> task.run());
  }

  @Produces
  @Singleton
  @Typed(ServerClock.class)
  ServerClock serverClock(InstantSource clock) {
    return new ServerClock(clock);
  }

  @Produces
  @Singleton
  IdGenerator ids(ServerClock clock) {
    return new IdGenerator(config.cell(), clock, random);
  }

  @Produces
  @Singleton
  SubmitCoalescer<Submission, Accepted> submissions(
      @Named("cell") Holder cell,
      IdGenerator ids,
      ServerClock clock,
      Ticker ticker,
      Later later,
      MeterRegistry meters) {
    GatewayConfig.Submit submit = config.submit();
    long heap = Runtime.getRuntime().maxMemory();
    CoalescerLimits limits =
        new CoalescerLimits(
            submit.mostWaiting(),
            submit.mostWaitingBytes().orElse(Math.min(MOST_WAITING_BYTES, heap / 8)),
            submit.mostBatch(),
            submit.mostBatchBytes(),
            submit.tryDeadline());
    DistributionSummary sizes = meters.summary("weft.gateway.submit.batch");
    SubmitCoalescer<Submission, Accepted> coalescer =
        TaskForwarder.coalescer(
            cell,
            limits,
            new CoalescerTools(ids, clock, ticker, later, RESEND, random),
            sizes::record);
    meters.gauge("weft.gateway.submit.held", coalescer, SubmitCoalescer::held);
    return coalescer;
  }

  @Produces
  @Singleton
  TaskForwarder tasks(
      SubmitGate gate,
      SubmitCoalescer<Submission, Accepted> submissions,
      @Named("cell") Holder cell,
      SubmitCheck inputs) {
    return new TaskForwarder(gate, submissions, cell, inputs);
  }

  @Produces
  @Singleton
  DeadLetterForwarder deadLetters(@Named("cell") Holder cell) {
    return new DeadLetterForwarder(cell);
  }

  @Produces
  @Singleton
  CostForwarder costs(@Named("cell") Holder cell, BudgetForwarder budgets) {
    return new CostForwarder(cell, budgets);
  }

  @Produces
  @Singleton
  BudgetForwarder budgets(@Named("cell") Holder cell, AuditLog audit) {
    return new BudgetForwarder(cell, audit);
  }

  @Produces
  @Singleton
  ModelPriceForwarder modelPrices(@Named("cell") Holder cell, AuditLog audit) {
    return new ModelPriceForwarder(cell, audit);
  }

  @Produces
  @Singleton
  LimitForwarder limits(@Named("cell") Holder cell, AuditLog audit, SubmitRate rate) {
    return new LimitForwarder(cell, audit, rate);
  }

  @Produces
  @Singleton
  TierSource tiers(@Named("cell") Holder cell) {
    return new CellTiers(cell);
  }

  @Produces
  @Singleton
  TierBook tierBook(TierSource tiers, Ticker ticker, Later later) {
    return new TierBook(tiers, ticker, later);
  }

  @Produces
  @Singleton
  RateForwarder rates(RateGate gate, TierBook tiers) {
    return new RateForwarder(gate, tiers, config.auth().gateways());
  }

  @Produces
  @Singleton
  ShardForwarder shards(@Named("cell") Holder cell) {
    return new ShardForwarder(cell);
  }

  @Produces
  @Singleton
  PolicyForwarder policies(@Named("cell") Holder cell, AuditLog audit) {
    return new PolicyForwarder(cell, audit);
  }

  @Produces
  @Singleton
  ReplayForwarder replays(@Named("cell") Holder cell) {
    return new ReplayForwarder(cell);
  }

  @Produces
  @Singleton
  PoolForwarder pools(@Named("scaler") Holder scaler, AuditLog audit) {
    return new PoolForwarder(scaler, audit);
  }

  @Produces
  @Singleton
  WorkerForwarder workers(
      @Named("registry") Holder registry, @Named("cell") Holder cell, AuditLog audit) {
    return new WorkerForwarder(registry, cell, audit);
  }

  @Produces
  @Singleton
  Watches watches(
      @Named("cell") Holder cell, @Named("registry") Holder registry, Later later, Ticker ticker) {
    return new Watches(cell, registry, later, ticker, REOPEN, random);
  }

  @Produces
  @Singleton
  WatchGuard guard(Authenticator authenticator, Later later, Ticker ticker, MeterRegistry meters) {
    WatchGuard guard =
        new WatchGuard(
            authenticator,
            later,
            ticker,
            config.auth().recheck(),
            config.publicDoor().mostStreams(),
            GatewayReason.TOO_MANY_WATCHERS);
    meters.gauge("weft.gateway.streams.open", guard, WatchGuard::open);
    return guard;
  }
}
