package dev.weft.router.grpc;

import dev.weft.platform.time.Ticker;
import dev.weft.router.app.CellReader;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.TaskAdmissions;
import dev.weft.router.app.TaskCancels;
import dev.weft.router.app.TaskFollowers;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.app.agent.AgentBook;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** The parts of a router that keep agents. */
final class AgentFixture implements AutoCloseable {

  static final int MOST_LIVING = 3;

  final AtomicInteger submitted = new AtomicInteger();
  final AtomicInteger broken = new AtomicInteger();
  final AgentWatch watch;

  /** How far the router's clock is off the database's. */
  volatile Duration skew = Duration.ZERO;

  private final ExecutorService blocking = Executors.newFixedThreadPool(2);
  private final AgentFollowers followers = new AgentFollowers();
  private final ScheduledExecutorService timer;
  private final Agents agents;
  private final CommandEnds ends;
  private final Homes homes;
  private final ToldAgents told;

  AgentFixture(
      PlacerLoop placer,
      CellReader reader,
      TaskFollowers tasks,
      AgentBook book,
      ScheduledExecutorService timer,
      Ticker ticker) {
    this.timer = timer;
    MintedTasks ids = new MintedTasks(0, () -> Instant.now().plus(skew), new SecureRandom());
    StoredAgents stored = new StoredAgents(placer, book, ids, new CallLine(blocking, 2, ticker));
    TaskQueries queries = new TaskQueries(placer, reader);
    BodyTasks bodies =
        new BodyTasks(
            queries,
            new TaskAdmissions(placer, reader, ticker),
            new TaskCancels(placer, queries),
            tasks,
            new AgentBodies());
    AgentKeeper keeper = new AgentKeeper(stored, bodies, timer, new Counts());
    GatewayBeats beats = new GatewayBeats(ticker);
    StartTimes starts = new StartTimes(ToldAgents::tier);
    watch = new AgentWatch(stored, keeper, followers, starts, timer, ticker);
    agents = new Agents(stored, MOST_LIVING);
    ends = new CommandEnds(stored, timer);
    IdleAgents idle = new IdleAgents(ticker);
    homes = new Homes(stored, beats, idle);
    told = new ToldAgents(starts, idle, InstantSource.system());
  }

  void start() {
    watch.start();
  }

  AgentCellGrpcService cell(TaskSpans spans) {
    return new AgentCellGrpcService(
        agents, ends, homes, new AgentStreams(followers, agents, timer, told), spans, told);
  }

  CommandEnds ends() {
    return ends;
  }

  Homes homes() {
    return homes;
  }

  @Override
  public void close() {
    watch.close();
    blocking.shutdownNow();
  }

  private final class Counts implements AgentKeeper.LifeCounts {
    @Override
    public void submitted() {
      submitted.incrementAndGet();
    }

    @Override
    public void broken() {
      broken.incrementAndGet();
    }
  }
}
