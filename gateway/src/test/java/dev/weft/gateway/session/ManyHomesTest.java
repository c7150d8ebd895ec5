package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.weft.gateway.app.FakeFailureLimiter;
import dev.weft.gateway.app.FakeJoinStore;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.LeaseCheck;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.artifact.v1.SealFramesRequest;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.SessionFrame;
import io.grpc.Channel;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hundred agents at one gateway whose log is slow: what it holds, and that nothing is lost. */
class ManyHomesTest {

  private static final String HERE = "here:1";
  private static final int AGENTS = 100;
  private static final int FRAME = 10_000;
  private static final int ROUNDS = 60;
  private static final long RING = 4 << 20;
  private static final long ALL_RINGS = 40 << 20;
  private static final long UNDER_WAY = CellInProcess.SHARES.segments();
  private static final long BODY = 256 << 10;

  private final CellInProcess cell = new CellInProcess();
  private final SettableTicker ticker = new SettableTicker();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final SlowLog log = new SlowLog();
  private final SessionMeter meter = new SessionMeter(new SimpleMeterRegistry());
  private final FrameLog frames =
      new FrameLog(log, (_, task) -> later.add(task), CellInProcess.SHARES);
  private final SessionHub hub = hub();
  private final List<Writer> writers = IntStream.range(0, AGENTS).mapToObj(Writer::new).toList();

  private SessionHub hub() {
    HomeTools its = cell.tools(ticker, (_, task) -> later.add(task), meter);
    return new SessionHub(
        new HomeTools(
            its.cell(),
            frames,
            its.watches(),
            its.later(),
            its.ticker(),
            its.clock(),
            its.random(),
            meter),
        new JoinDesk(
            new FakeJoinStore(),
            new FakeFailureLimiter(1),
            (_, _) -> {
              throw new IllegalStateException("no worker joins");
            },
            new IdGenerator(0, InstantSource.system(), new Random(1)),
            InstantSource.system()),
        new LeaseCheck(cell),
        () -> HERE,
        new SessionHub.Limits(RING, ALL_RINGS),
        CellInProcess.SHARES);
  }

  @BeforeEach
  void start() {
    hub.start();
  }

  @AfterEach
  void close() {
    cell.close();
  }

  @Test
  void theyLoseNothingAndTheGatewayHoldsNoMoreThanItMay() {
    log.slow = true;
    for (int round = 0; round < ROUNDS; round++) {
      writers.forEach(Writer::write);
      pass(Duration.ofMillis(100));
      log.answer(2);
      assertThat(frames.seals().underWay()).isLessThanOrEqualTo(UNDER_WAY);
      assertThat(log.waiting.size()).isLessThanOrEqualTo((int) (UNDER_WAY >> 18));
      assertThat(meter.ringBytes())
          .isLessThanOrEqualTo(ALL_RINGS + ALL_RINGS / 4 + CellInProcess.SHARES.bodies());
    }
    assertThat(writers).anyMatch(writer -> !writer.mayWrite());

    settle();

    assertThat(writers).allSatisfy(writer -> assertThat(writer.isSealed()).isTrue());
  }

  @Test
  void aSlowLogIsAskedForFewerAndLargerSegments() {
    log.slow = true;
    for (int round = 0; round < ROUNDS; round++) {
      writers.forEach(Writer::write);
      pass(Duration.ofMillis(100));
      log.answer(1);
    }
    settle();

    long bytes = cell.frames.sealed.stream().mapToLong(SealFramesRequest::getSerializedSize).sum();
    assertThat(bytes / cell.frames.sealed.size()).isGreaterThan(BODY * 2 / 3);
  }

  @Test
  void aSegmentThatFailsIsGivenMoreTimeByAndByAndIsSealedOnce() {
    Writer writer = writers.getFirst();
    log.patience.clear();
    log.failures = 4;
    IntStream.range(0, 30).forEach(_ -> writer.write());
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofSeconds(1));
    }
    settle();

    assertThat(log.patience)
        .startsWith(
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(16),
            Duration.ofSeconds(32),
            Duration.ofSeconds(32));
    assertThat(writer.isSealed()).isTrue();
  }

  private void settle() {
    log.slow = false;
    for (int i = 0; i < 200; i++) {
      log.answer(AGENTS);
      pass(Duration.ofSeconds(1));
    }
  }

  private void pass(Duration time) {
    ticker.advance(time);
    for (int due = later.size(); due > 0; due--) {
      later.removeFirst().run();
    }
    writers.forEach(Writer::say);
  }

  /**
   * An agent, and its body, which writes as much as it may and sends as much as it has credit for.
   */
  private final class Writer {

    private final String id;
    private final AgentHome home;
    private final Heard<BodyResponse> told = new Heard<>();
    private final BodyLink link =
        new BodyLink(
            told, BodyHello.newBuilder().setBody(1).setOldestFrame(1).build(), 0, hub::bodyWindow);
    private final Deque<SessionFrame> unsent = new ArrayDeque<>();
    private long made;
    private long sentBytes;
    private int given;

    Writer(int number) {
      id = "agt_01k0000000000000000000%04d".formatted(number);
      cell.agents.openAgent(
          OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(id).build(), new Heard<>());
      cell.agents.change(id, it -> it.setState(AgentState.AGENT_STATE_RUNNING).setBody(1));
      long epoch = cell.agents.move(id, HERE);
      home =
          hub.forClient(
                  AttachHello.newBuilder()
                      .setTenant("acme")
                      .setAgentId(id)
                      .setHomeEpoch(epoch)
                      .build())
              .toCompletableFuture()
              .join();
      home.bodyCame(link);
    }

    boolean mayWrite() {
      return made - acked() < BODY / FRAME;
    }

    boolean isSealed() {
      return acked() == made && cell.frames.count(id) == made;
    }

    private long acked() {
      return told.all.stream().mapToLong(it -> it.getFrame().getAckedThrough()).max().orElse(0);
    }

    void write() {
      if (mayWrite()) {
        unsent.add(
            SessionFrame.newBuilder()
                .setNumber(++made)
                .setTerminal(ByteString.copyFrom(new byte[FRAME]))
                .build());
      }
      say();
    }

    /** As a stream does: within its credit, one message for each that was asked for. */
    void say() {
      while (!unsent.isEmpty() && given < told.requested && sentBytes < credit()) {
        BodyFrames message = BodyFrames.newBuilder().addFrames(unsent.removeFirst()).build();
        given++;
        sentBytes += message.getSerializedSize();
        home.frames(link, message);
        hub.makeRoom();
      }
      if (unsent.isEmpty() && given < told.requested) {
        given++;
        home.frames(
            link, BodyFrames.newBuilder().setWaits(made - acked() > BODY / FRAME / 2).build());
      }
    }

    private long credit() {
      BodyResponse first = told.all.getFirst();
      return Math.max(
          first.getWelcome().getCreditBytes(),
          told.all.stream().mapToLong(it -> it.getFrame().getCreditBytes()).max().orElse(0));
    }
  }

  /** The artifact service, which may take its time. */
  private final class SlowLog implements Holder {

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final List<Duration> patience = new ArrayList<>();
    private boolean slow;
    private int failures;

    void answer(int calls) {
      for (int i = 0; i < calls && !waiting.isEmpty(); i++) {
        waiting.removeFirst().run();
      }
    }

    @Override
    public <T> CompletionStage<T> call(Function<Channel, ListenableFuture<T>> rpc, Duration most) {
      return callOnce(rpc, most);
    }

    @Override
    public <T> CompletionStage<T> callOnce(
        Function<Channel, ListenableFuture<T>> rpc, Duration most) {
      patience.add(most);
      if (failures > 0) {
        failures--;
        return CompletableFuture.failedFuture(Status.DEADLINE_EXCEEDED.asRuntimeException());
      }
      if (!slow) {
        return cell.store.callOnce(rpc, most);
      }
      CompletableFuture<T> answer = new CompletableFuture<>();
      waiting.add(
          () ->
              cell.store
                  .callOnce(rpc, most)
                  .whenComplete(
                      (value, failure) -> {
                        if (failure == null) {
                          answer.complete(value);
                        } else {
                          answer.completeExceptionally(failure);
                        }
                      }));
      return answer;
    }

    @Override
    public Channel channel() {
      return cell.store.channel();
    }

    @Override
    public void broken(Channel which, Throwable failure) {}

    @Override
    public String lastSeen() {
      return "";
    }
  }
}
