package dev.weft.gateway.session;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.session.RingCuts;
import dev.weft.gateway.forward.AgentChecks;
import dev.weft.gateway.forward.LeaseCheck;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.internal.agent.v1.Home;
import dev.weft.proto.internal.agent.v1.IdleAgent;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.BodyHello;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The agents whose home this gateway is, and who is let in there. */
public final class SessionHub {

  private static final Duration TICK = Duration.ofMillis(500);
  private static final int HEADROOM = 16;

  /** On their way to clients, of all of them, as far as each has its least: frames on the heap. */
  private static final long CLIENTS_BYTES = 32 << 20;

  /** A home of an agent that sleeps is let go when nobody has been there for so long. */
  static final Duration REST = Duration.ofMinutes(10);

  private static final Duration FIRST_WORD = Duration.ofSeconds(5);

  private final HomeTools tools;
  private final JoinDesk joins;
  private final LeaseCheck leases;
  private final Supplier<String> address;
  private final Limits limits;
  private final BufferShares shares;
  private final ConcurrentHashMap<String, AgentHome> homes = new ConcurrentHashMap<>();
  private final ReentrantLock cutting = new ReentrantLock();
  private volatile int clients;
  private volatile boolean running;
  private volatile boolean stopped;

  /**
   * How much memory rings take.
   *
   * @param ringBytes of one agent
   * @param allBytes of all together, as far as they are sealed
   */
  public record Limits(long ringBytes, long allBytes) {

    private static final int MORE = 4;

    /** Of all together: no body may send more before less is here. */
    long mostBytes() {
      return allBytes + allBytes / MORE;
    }
  }

  /**
   * @param address this gateway's mesh address, as the placer knows it
   */
  public SessionHub(
      HomeTools tools,
      JoinDesk joins,
      LeaseCheck leases,
      Supplier<String> address,
      Limits limits,
      BufferShares shares) {
    this.tools = tools;
    this.joins = joins;
    this.leases = leases;
    this.address = address;
    this.limits = limits;
    this.shares = shares;
  }

  /** Agents whose frames are collected here. */
  public int homes() {
    return homes.size();
  }

  /** How much a body may send beyond what its home has taken: its part of the room for all. */
  long bodyWindow() {
    return shares.bodyWindow(homes.size());
  }

  /** How much may be on its way to a client: its part of the room for all, some ticks ago. */
  long clientWindow() {
    return Math.clamp(
        CLIENTS_BYTES / Math.max(1, clients), ClientLink.LEAST_WINDOW, ClientLink.MOST_WINDOW);
  }

  /** Those of them that are idle. */
  public List<IdleAgent> idle() {
    return homes.values().stream().flatMap(home -> home.audience().idleAgent().stream()).toList();
  }

  /** Whether this gateway is at that mesh address. */
  boolean isAt(String meshAddress) {
    return address.get().equals(meshAddress);
  }

  public void start() {
    running = true;
    tools.later().run(TICK, this::tick);
  }

  /** Ends every stream: whoever was here looks for another home, or for this one again. */
  public void stop() {
    stopped = true;
    running = false;
    homes.values().forEach(home -> home.end(SessionRefusals.stops()));
  }

  /**
   * The home for a body. Fails with LEASE_NOT_HELD, STALE_HOME, STALE_BODY, UNSUPPORTED_PROTOCOL or
   * CELL_UNAVAILABLE.
   */
  CompletionStage<AgentHome> forBody(String workerId, BodyHello hello) {
    if (hello.getProtocolVersion() != BodyLink.VERSION) {
      throw new MeshException(
              CommonReason.UNSUPPORTED_PROTOCOL,
              "protocol_version: " + hello.getProtocolVersion() + " (expected: 1)")
          .with("version", hello.getProtocolVersion())
          .with("supported", BodyLink.VERSION);
    }
    AgentChecks.checkedId(hello.getAgentId());
    TaskForwarder.checkedTaskId(hello.getLease().getTaskId());
    if (hello.getBody() < 1) {
      throw InvalidRequest.of("hello.body", hello.getBody(), "1 or more");
    }
    return joins
        .standing(workerId)
        .thenCompose(_ -> leases.of(workerId, hello.getLease()))
        .thenCompose(
            held ->
                tools
                    .cell()
                    .fetch(held.getTenant(), hello.getAgentId())
                    .thenAccept(agent -> requireBody(agent, hello))
                    .thenCompose(
                        _ -> home(held.getTenant(), hello.getAgentId(), hello.getHomeEpoch())));
  }

  private static void requireBody(Agent agent, BodyHello hello) {
    if (agent.getBody() > hello.getBody()) {
      throw SessionRefusals.staleBody(hello.getBody(), agent.getBody());
    }
    boolean its = agent.getBodyTaskId().equals(hello.getLease().getTaskId());
    if (agent.getBody() != hello.getBody() || !its) {
      throw new MeshException(
              GatewayReason.LEASE_NOT_HELD,
              "lease: not of body " + hello.getBody() + " (expected: the agent's body)")
          .with("body", hello.getBody());
    }
  }

  /** The home for a client. Fails with AGENT_NOT_FOUND, STALE_HOME or CELL_UNAVAILABLE. */
  CompletionStage<AgentHome> forClient(AttachHello hello) {
    AgentChecks.checkedId(hello.getAgentId());
    return home(hello.getTenant(), hello.getAgentId(), hello.getHomeEpoch());
  }

  private CompletionStage<AgentHome> home(String tenant, String agentId, long epoch) {
    if (stopped) {
      return CompletableFuture.failedFuture(SessionRefusals.stops());
    }
    @Nullable AgentHome present = homes.get(agentId);
    if (present != null && present.term().tenant().equals(tenant)) {
      long its = present.term().epoch();
      if (its == epoch) {
        return whenKnown(present);
      }
      if (its > epoch) {
        return CompletableFuture.failedFuture(SessionRefusals.staleHome(agentId, its));
      }
    }
    return tools
        .cell()
        .locate(tenant, agentId)
        .thenCompose(
            home -> {
              if (home.getEpoch() != epoch || !isAt(home.getAddress())) {
                throw SessionRefusals.staleHome(agentId, home.getEpoch());
              }
              return whenKnown(opened(tenant, agentId, home));
            });
  }

  /** The home, once the placer has said how its agent is. */
  private static CompletionStage<AgentHome> whenKnown(AgentHome home) {
    return home.beginning()
        .known()
        .toCompletableFuture()
        .copy()
        .orTimeout(FIRST_WORD.toSeconds(), TimeUnit.SECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    failure instanceof java.util.concurrent.TimeoutException
                        ? new MeshException(
                            GatewayReason.CELL_UNAVAILABLE, "cell: away (expected: reachable)")
                        : failure))
        .thenApply(_ -> home);
  }

  private AgentHome opened(String tenant, String agentId, Home home) {
    HomeTerm term = new HomeTerm(tenant, agentId, home.getEpoch());
    @Nullable AgentHome old;
    AgentHome made = new AgentHome(term, tools, limits, () -> forget(term));
    synchronized (homes) {
      old = homes.get(agentId);
      if (old != null && old.term().epoch() >= term.epoch()) {
        return old;
      }
      homes.put(agentId, made);
    }
    if (old != null) {
      old.end(SessionRefusals.staleHome(agentId, term.epoch()));
    }
    // It may have been looked for while all others were ended.
    if (stopped) {
      made.end(SessionRefusals.stops());
    } else {
      made.open();
    }
    return made;
  }

  private void forget(HomeTerm term) {
    homes.computeIfPresent(
        term.agentId(), (_, present) -> present.term().equals(term) ? null : present);
  }

  private void tick() {
    if (!running) {
      return;
    }
    // First: one home that fails ends nobody else's ticks.
    tools.later().run(TICK, this::tick);
    long now = tools.ticker().nanos();
    int here = 0;
    for (AgentHome home : homes.values()) {
      home.tick(now);
      here += home.audience().size();
      if (home.spent() || home.rests(now, REST)) {
        home.end(SessionRefusals.staleHome(home.term().agentId(), home.term().epoch()));
      }
    }
    clients = here;
    makeRoom();
  }

  /** Cuts rings when all together take too much. */
  void makeRoom() {
    if (tools.meter().ringBytes() <= limits.allBytes() || !cutting.tryLock()) {
      return;
    }
    try {
      // A little more than must be, for it would be too much again with the next frame.
      long aim = limits.allBytes() - limits.allBytes() / HEADROOM;
      RingCuts.of(
              homes.values().stream().map(AgentHome::ring).toList(),
              tools.meter().ringBytes() - aim)
          .forEach(cut -> cut.ring().shrink(cut.most()));
    } finally {
      cutting.unlock();
    }
  }
}
