package dev.weft.router;

import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.CellReader;
import dev.weft.router.app.LeaseQueries;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.TaskAdmissions;
import dev.weft.router.app.TaskCancels;
import dev.weft.router.app.TaskFollowers;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.app.agent.AgentFollowers;
import dev.weft.router.app.agent.AgentKeeper;
import dev.weft.router.app.agent.AgentWatch;
import dev.weft.router.app.agent.Agents;
import dev.weft.router.app.agent.BodyTasks;
import dev.weft.router.app.agent.CallLine;
import dev.weft.router.app.agent.CommandEnds;
import dev.weft.router.app.agent.GatewayBeats;
import dev.weft.router.app.agent.Homes;
import dev.weft.router.app.agent.IdleAgents;
import dev.weft.router.app.agent.MintedTasks;
import dev.weft.router.app.agent.StartTimes;
import dev.weft.router.app.agent.StoredAgents;
import dev.weft.router.grpc.AgentBodies;
import dev.weft.router.grpc.AgentCellGrpcService;
import dev.weft.router.grpc.AgentStreams;
import dev.weft.router.grpc.BodyGrpcService;
import dev.weft.router.grpc.TaskSpans;
import dev.weft.router.grpc.ToldAgents;
import dev.weft.router.store.PgAgentBook;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The parts that keep agents. */
@Singleton
class AgentBeans {

  /** As many connections as threads. */
  private static final int THREADS = 2;

  /** What is served for agents, and to whom. */
  record Services(List<MeshService> all) {}

  private final RouterConfig config;

  AgentBeans(RouterConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  StoredAgents stored(PlacerLoop placer, PgAgentBook book, Ticker ticker) {
    return new StoredAgents(
        placer,
        book,
        new MintedTasks(config.cell(), InstantSource.system(), new SecureRandom()),
        new CallLine(fewAtATime(), THREADS, ticker));
  }

  @Produces
  @Singleton
  AgentMetrics metrics(MeterRegistry meters) {
    return new AgentMetrics(meters);
  }

  @Produces
  @Singleton
  AgentFollowers followers() {
    return new AgentFollowers();
  }

  @Produces
  @Singleton
  IdleAgents idle(Ticker ticker) {
    return new IdleAgents(ticker);
  }

  @Produces
  @Singleton
  Homes homes(StoredAgents stored, IdleAgents idle, Ticker ticker) {
    return new Homes(stored, new GatewayBeats(ticker), idle);
  }

  @Produces
  @Singleton
  ToldAgents told(StartTimes starts, IdleAgents idle) {
    return new ToldAgents(starts, idle, InstantSource.system());
  }

  @Produces
  @Singleton
  BodyTasks bodies(PlacerLoop placer, CellReader reader, TaskFollowers followers, Ticker ticker) {
    TaskQueries queries = new TaskQueries(placer, reader);
    return new BodyTasks(
        queries,
        new TaskAdmissions(placer, reader, ticker),
        new TaskCancels(placer, queries),
        followers,
        new AgentBodies());
  }

  @Produces
  @Singleton
  AgentKeeper keeper(
      StoredAgents stored, BodyTasks bodies, ScheduledExecutorService timer, AgentMetrics metrics) {
    return new AgentKeeper(stored, bodies, timer, metrics);
  }

  @Produces
  @Singleton
  StartTimes starts() {
    return new StartTimes(ToldAgents::tier);
  }

  @Produces
  @Singleton
  AgentWatch watch(
      StoredAgents stored,
      AgentKeeper keeper,
      AgentFollowers followers,
      StartTimes starts,
      ScheduledExecutorService timer,
      Ticker ticker) {
    return new AgentWatch(stored, keeper, followers, starts, timer, ticker);
  }

  @Produces
  @Singleton
  Services services(
      PlacerLoop placer,
      CellReader reader,
      StoredAgents stored,
      AgentFollowers followers,
      Homes homes,
      ToldAgents told,
      ScheduledExecutorService timer,
      TaskSpans spans) {
    Agents agents = new Agents(stored, config.agents().mostLiving());
    AgentStreams streams = new AgentStreams(followers, agents, timer, told);
    return new Services(
        List.of(
            MeshService.of(
                new AgentCellGrpcService(
                    agents, new CommandEnds(stored, timer), homes, streams, spans, told),
                "gateway"),
            MeshService.of(
                new BodyGrpcService(new LeaseQueries(placer, reader), homes), "worker")));
  }

  void start(@Observes StartupEvent event, AgentWatch watch, AgentMetrics metrics) {
    metrics.watch(watch);
    watch.start();
  }

  void stop(@Observes ShutdownEvent event, AgentWatch watch) {
    watch.close();
  }

  private static Executor fewAtATime() {
    ThreadPoolExecutor few =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("router-agents-", 0).factory());
    few.allowCoreThreadTimeOut(true);
    return few;
  }
}
