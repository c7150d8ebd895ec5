package dev.weft.gateway.session;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.Problems;
import dev.weft.gateway.forward.Upstream;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.internal.agent.v1.Home;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.SessionStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One client's way to its agent's home, wherever that is at the moment: finds it, goes on there
 * after the last frame that came, and sends again the commands that nobody has answered. The client
 * sees a pause at most.
 */
public final class Attachment {

  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(8);
  private static final Duration SILENCE = Duration.ofSeconds(25);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /**
   * What every attachment works with.
   *
   * @param patience how long the home of a session that has begun may be out of reach
   */
  public record Tools(
      AgentCell cell,
      HomeLines homes,
      Later later,
      Ticker ticker,
      Backoff backoff,
      RandomGenerator random,
      Duration patience) {}

  private final Tools tools;
  private final SessionWish wish;
  private final SessionSink sink;
  private final Unanswered unanswered = new Unanswered();
  private Optional<Place> at;
  private @Nullable HomeStream stream;
  private int streams;
  private boolean begun;
  private boolean over;
  private int failures;
  private long awaySince;
  private long outstanding;
  private long heardAt;

  public Attachment(Tools tools, SessionWish wish, SessionSink sink) {
    this.tools = tools;
    this.wish = wish;
    this.sink = sink;
    this.at = wish.after();
    this.awaySince = tools.ticker().nanos();
  }

  public void open() {
    tools.later().run(LOOK, this::look);
    locate();
  }

  // ---- what the client does

  /** Sends what the client says; a command is sent again until it is answered. */
  public synchronized void send(ClientFrame frame) {
    if (over) {
      return;
    }
    if (frame.hasCommand()) {
      unanswered.command(frame);
    }
    // Before its first word what an earlier home has not answered is still to be said again.
    if (stream != null && stream.isWelcome()) {
      stream.send(frame);
    } else {
      unanswered.away(frame);
    }
  }

  /** Whether another message of the client may be taken; else it is told when. */
  public synchronized boolean ready() {
    return !over && stream != null && stream.isReady() && unanswered.hasRoom();
  }

  /** A step has gone on to the client. */
  public synchronized void passedOn(AttachResponse step, int by) {
    outstanding -= step.getSerializedSize();
    if (stream != null && stream.id() == by) {
      stream.read(step.getSerializedSize());
    }
  }

  /** The client has gone. */
  public synchronized void close() {
    over = true;
    drop("the client has gone");
  }

  // ---- the way to the home

  private void locate() {
    tools
        .cell()
        .locate(wish.tenant(), wish.agentId())
        .whenComplete(
            (home, failure) -> {
              synchronized (this) {
                if (over) {
                  return;
                }
                if (failure == null && !home.getAddress().isEmpty()) {
                  attach(home);
                } else {
                  broke(
                      failure == null
                          ? new MeshException(
                              GatewayReason.CELL_UNAVAILABLE, "home: none (expected: one)")
                          : failure);
                }
              }
            });
  }

  private void attach(Home home) {
    AttachHello.Builder hello =
        AttachHello.newBuilder()
            .setTenant(wish.tenant())
            .setAgentId(wish.agentId())
            .setPrincipal(wish.principal())
            .setViewer(wish.viewer())
            .setHomeEpoch(home.getEpoch());
    at.map(Cursors::of).ifPresent(hello::setCursor);
    HomeStream made = new HomeStream(++streams, tools.homes(), home.getAddress(), new Listening());
    stream = made;
    heardAt = tools.ticker().nanos();
    made.start(hello.build());
  }

  /** What comes of the stream that is; of an earlier one nothing is believed. */
  private final class Listening implements HomeStream.Reader {

    @Override
    public void next(HomeStream from, AttachResponse step) {
      synchronized (Attachment.this) {
        if (stream == from) {
          heardAt = tools.ticker().nanos();
          came(from, step);
        }
      }
    }

    @Override
    public void ready() {
      sink.ready();
    }

    @Override
    public void closed(HomeStream from, Status status, Metadata trailers) {
      synchronized (Attachment.this) {
        if (stream != from) {
          return;
        }
        stream = null;
        if (status.isOk()) {
          over = true;
          sink.over();
        } else {
          broke(status.asRuntimeException(trailers));
        }
      }
    }
  }

  private void came(HomeStream from, AttachResponse step) {
    if (from.welcomed()) {
      begun = true;
      failures = 0;
      unanswered.forNewHome().forEach(from::send);
    }
    switch (step.getStepCase()) {
      case FRAME, GAP -> at = Cursors.after(step);
      case RECEIPT -> unanswered.answered(step.getReceipt().getCommandId());
      case PROBLEM ->
          unanswered.answered(step.getProblem().getMetadataOrDefault(Problems.COMMAND_ID, ""));
      case STATUS, QUIET, STEP_NOT_SET -> {}
    }
    outstanding += step.getSerializedSize();
    if (step.hasQuiet()) {
      passedOn(step, from.id());
    } else {
      sink.next(step, from.id());
    }
    sink.ready();
  }

  /** Looks for the home again if that may help, else hands the failure on. */
  private void broke(Throwable failure) {
    MeshProblem problem = StatusMapper.fromStatus(failure);
    boolean again = Upstream.isAway(problem) || problem.is(GatewayReason.STALE_HOME);
    if (problem.is(GatewayReason.AGENT_OVER) && begun) {
      lastWord();
      return;
    }
    long now = tools.ticker().nanos();
    awaySince = failures == 0 ? now : awaySince;
    Duration patience = begun ? tools.patience() : FIRST_PATIENCE;
    failures++;
    if (again && now - awaySince < patience.toNanos()) {
      tools.later().run(tools.backoff().delay(failures, tools.random()), this::retry);
      return;
    }
    over = true;
    sink.failed(
        again
            ? new MeshException(
                GatewayReason.CELL_UNAVAILABLE, "home: away (expected: reachable)", failure)
            : Upstream.visible(failure, GatewayReason.CELL_UNAVAILABLE));
  }

  /** As long as the client has not read what it was given, it is given no more. */
  private synchronized void retry() {
    if (over || stream != null) {
      return;
    }
    if (outstanding >= ClientLink.LEAST_WINDOW) {
      tools.later().run(tools.backoff().delay(failures, tools.random()), this::retry);
    } else {
      locate();
    }
  }

  /** The agent ended while its home was looked for. */
  private void lastWord() {
    over = true;
    tools
        .cell()
        .fetch(wish.tenant(), wish.agentId())
        .whenComplete(
            (agent, failure) -> {
              if (failure == null) {
                sink.next(last(agent), 0);
              }
              sink.over();
            });
  }

  private static AttachResponse last(Agent agent) {
    return AttachResponse.newBuilder()
        .setStatus(SessionStatus.newBuilder().setAgent(agent))
        .build();
  }

  /** A home that says nothing, though everything that it said was passed on, is none. */
  private synchronized void look() {
    if (over) {
      return;
    }
    if (stream != null
        && outstanding == 0
        && tools.ticker().nanos() - heardAt >= SILENCE.toNanos()) {
      drop("silent");
      broke(SessionRefusals.silent("home"));
    }
    if (!over) {
      tools.later().run(LOOK, this::look);
    }
  }

  private void drop(String why) {
    HomeStream present = stream;
    stream = null;
    if (present != null) {
      present.cancel(why);
    }
  }
}
