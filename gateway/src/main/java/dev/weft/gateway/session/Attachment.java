package dev.weft.gateway.session;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.Upstream;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.internal.agent.v1.Home;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.ReadProgress;
import dev.weft.proto.internal.session.v1.SessionCursor;
import dev.weft.proto.internal.session.v1.SessionGap;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc;
import dev.weft.proto.internal.session.v1.SessionStatus;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofSeconds(25);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final long TELL_BYTES = ClientLink.WINDOW / 4;
  private static final int MOST_UNANSWERED = 32;
  private static final int MOST_WAITING = 64;

  /** What every attachment works with. */
  public record Tools(
      AgentCell cell,
      HomeChannels channels,
      Later later,
      Ticker ticker,
      Backoff backoff,
      RandomGenerator random) {}

  private final Tools tools;
  private final SessionWish wish;
  private final SessionSink sink;
  private final Map<String, ClientFrame> unanswered = new LinkedHashMap<>();
  private final Deque<ClientFrame> waiting = new ArrayDeque<>();
  private Optional<Place> at;
  private @Nullable Stream stream;
  private int streams;
  private boolean begun;
  private boolean over;
  private int failures;
  private long awaySince;
  private long outstanding;

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
      unanswered.put(frame.getCommand().getCommandId(), frame);
    }
    // Before its first word what an earlier home has not answered is still to be said again.
    if (stream != null && stream.welcome) {
      stream.send(AttachRequest.newBuilder().setFrame(frame).build());
    } else if (!frame.hasCommand() && waiting.size() < MOST_WAITING) {
      waiting.add(frame);
    }
  }

  /** Whether another message of the client may be taken; else it is told when. */
  public synchronized boolean ready() {
    return !over
        && stream != null
        && stream.welcome
        && stream.call.isReady()
        && unanswered.size() < MOST_UNANSWERED;
  }

  /** A step has gone on to the client. */
  public synchronized void passedOn(AttachResponse step, int by) {
    outstanding -= step.getSerializedSize();
    if (stream != null && stream.id == by) {
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
    HomeChannels.Lease lease = tools.channels().lease(home.getAddress());
    AttachHello.Builder hello =
        AttachHello.newBuilder()
            .setTenant(wish.tenant())
            .setAgentId(wish.agentId())
            .setPrincipal(wish.principal())
            .setViewer(wish.viewer())
            .setHomeEpoch(home.getEpoch());
    at.ifPresent(
        place ->
            hello.setCursor(
                SessionCursor.newBuilder().setBody(place.body()).setNumber(place.number())));
    Stream made = new Stream(++streams, lease);
    stream = made;
    made.start(AttachRequest.newBuilder().setHello(hello).build());
  }

  /** One stream to a home. */
  private final class Stream extends ClientCall.Listener<AttachResponse> {

    private final int id;
    private final HomeChannels.Lease lease;
    private final ClientCall<AttachRequest, AttachResponse> call;
    private boolean welcome;
    private long read;
    private long told;
    private long heardAt = tools.ticker().nanos();

    Stream(int id, HomeChannels.Lease lease) {
      this.id = id;
      this.lease = lease;
      this.call =
          lease.channel().newCall(SessionServiceGrpc.getAttachMethod(), CallOptions.DEFAULT);
    }

    void start(AttachRequest hello) {
      call.start(this, new Metadata());
      // The home itself sends no more than what is passed on, and a little.
      call.request(Integer.MAX_VALUE);
      call.sendMessage(hello);
    }

    void send(AttachRequest request) {
      call.sendMessage(request);
    }

    void read(int bytes) {
      read += bytes;
      if (read - told >= TELL_BYTES) {
        told = read;
        send(AttachRequest.newBuilder().setRead(ReadProgress.newBuilder().setBytes(read)).build());
      }
    }

    @Override
    public void onMessage(AttachResponse step) {
      synchronized (Attachment.this) {
        if (stream == this) {
          heardAt = tools.ticker().nanos();
          came(this, step);
        }
      }
    }

    @Override
    public void onReady() {
      sink.ready();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      lease.release();
      synchronized (Attachment.this) {
        if (stream != this) {
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

  private void came(Stream from, AttachResponse step) {
    if (!from.welcome) {
      from.welcome = true;
      begun = true;
      failures = 0;
      goOn(from);
    }
    switch (step.getStepCase()) {
      case FRAME -> at = Optional.of(place(step));
      case GAP -> at = Optional.of(resume(step.getGap()));
      case RECEIPT -> unanswered.remove(step.getReceipt().getCommandId());
      case PROBLEM -> unanswered.remove(step.getProblem().getMetadataOrDefault("commandId", ""));
      case STATUS, QUIET, STEP_NOT_SET -> {}
    }
    outstanding += step.getSerializedSize();
    if (step.hasQuiet()) {
      passedOn(step, from.id);
    } else {
      sink.next(step, from.id);
    }
    sink.ready();
  }

  /** Says again what an earlier home has not answered. */
  private void goOn(Stream to) {
    List<ClientFrame> again = new ArrayList<>(unanswered.values());
    again.addAll(waiting);
    waiting.clear();
    again.forEach(frame -> to.send(AttachRequest.newBuilder().setFrame(frame).build()));
  }

  private static Place place(AttachResponse step) {
    long number =
        step.getFrame().hasInterrupted()
            ? step.getFrame().getInterrupted().getNumber()
            : step.getFrame().getFrame().getNumber();
    return new Place(step.getFrame().getBody(), number);
  }

  private static Place resume(SessionGap gap) {
    return gap.hasUntil()
        ? ClientLink.place(gap.getUntil()).before()
        : ClientLink.place(gap.getAfter());
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
    Duration patience = begun ? PATIENCE : FIRST_PATIENCE;
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
    if (outstanding >= ClientLink.WINDOW) {
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
    Stream present = stream;
    if (present != null
        && outstanding == 0
        && tools.ticker().nanos() - present.heardAt >= SILENCE.toNanos()) {
      drop("silent");
      broke(SessionRefusals.silent("home"));
    }
    if (!over) {
      tools.later().run(LOOK, this::look);
    }
  }

  private void drop(String why) {
    Stream present = stream;
    stream = null;
    if (present != null) {
      present.call.cancel(why, null);
    }
  }
}
