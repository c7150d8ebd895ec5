package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.artifact.v1.OpenFramesRequest;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.SessionCursor;
import dev.weft.proto.internal.session.v1.SessionFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HomeFramesTest {

  private static final String AGENT = "agt_01k00000000000000000000000";
  private static final int RING = 64 << 10;
  private static final int LARGE = 8 << 10;
  private static final Duration AGE = Duration.ofSeconds(30);

  private final CellInProcess cell = new CellInProcess();
  private final SettableTicker ticker = new SettableTicker();
  private final List<Runnable> later = new ArrayList<>();
  private final Heard<BodyResponse> told = new Heard<>();
  private AgentHome home = made(1);

  @BeforeEach
  void agentThatRuns() {
    cell.agents.openAgent(
        OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(AGENT).build(), new Heard<>());
    cell.agents.change(AGENT, it -> it.setState(AgentState.AGENT_STATE_RUNNING).setBody(1));
    home.open();
  }

  @AfterEach
  void close() {
    cell.close();
  }

  @Test
  void manyFramesAreOneSegmentAndNoneIsTheHomesAloneBeforeThat() {
    BodyLink body = body(1, 1);
    for (int number = 1; number <= 100; number++) {
      home.frames(body, frames(false, 10, number));
    }
    assertThat(cell.frames.sealed).isEmpty();
    assertThat(acked()).isZero();

    pass(AGE);

    assertThat(cell.frames.sealed).hasSize(1);
    assertThat(cell.frames.count(AGENT)).isEqualTo(100);
    assertThat(acked()).isEqualTo(100);
  }

  @Test
  void manyBytesDoNotWait() {
    BodyLink body = body(1, 1);
    home.frames(body, frames(false, LARGE, 1, 2, 3));
    assertThat(cell.frames.count(AGENT)).isZero();

    home.frames(body, frames(false, LARGE, 4));

    assertThat(cell.frames.count(AGENT)).isEqualTo(4);
  }

  @Test
  void whoWaitsForItIsToldAtOnce() {
    BodyLink body = body(1, 1);

    home.frames(body, frames(true, 10, 1, 2));

    assertThat(acked()).isEqualTo(2);
  }

  @Test
  void whoComesLateHasEveryFrameOnceFromLogAndRing() {
    BodyLink body = body(1, 1);
    for (int number = 1; number <= 50; number++) {
      home.frames(body, frames(false, LARGE, number));
    }

    Heard<AttachResponse> client = new Heard<>();
    readAll(client, attach(client, 0, 0));

    assertThat(numbers(client)).containsExactlyElementsOf(range(1, 50));
    assertThat(client.all).noneMatch(AttachResponse::hasGap);
  }

  @Test
  void whoReadsSlowlyIsGivenNoMoreThanItTakesAndLosesNothing() {
    BodyLink body = body(1, 1);
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = attach(client, 0, 0);

    for (int number = 1; number <= 100; number++) {
      home.frames(body, frames(false, LARGE, number));
    }

    assertThat(client.all.stream().mapToLong(AttachResponse::getSerializedSize).sum())
        .isLessThan(ClientLink.LEAST_WINDOW + 2 * LARGE);
    readAll(client, link);
    assertThat(numbers(client)).containsExactlyElementsOf(range(1, 100));
  }

  @Test
  void theNextHomeOfAnAgentThatSleepsHasItsLog() {
    BodyLink body = body(1, 1);
    home.frames(body, frames(true, 10, 1, 2, 3));
    home.bodyGone(body, true);
    cell.agents.change(AGENT, it -> it.setState(AgentState.AGENT_STATE_HIBERNATED));
    home.end(SessionRefusals.stops());
    home = made(2);
    home.open();
    Heard<AttachResponse> late = new Heard<>();
    attach(late, 1, 1);
    Heard<AttachResponse> nameless = new Heard<>();
    home.clientCame(
        new ClientLink(
            new StreamOutlet(nameless),
            AttachHello.getDefaultInstance(),
            0,
            () -> ClientLink.LEAST_WINDOW));

    cell.agents.change(AGENT, it -> it.setState(AgentState.AGENT_STATE_RUNNING).setBody(2));
    home.frames(body(2, 1), frames(false, 10, 1));

    assertThat(numbers(late)).containsExactly(2L, 3L, 1L);
    assertThat(numbers(nameless)).containsExactly(1L, 2L, 3L, 1L);
    assertThat(late.all).noneMatch(AttachResponse::hasGap);
  }

  @Test
  void whoNamesAPlaceThatIsNoneHearsAtTheNextHomeWhatComesAfterTheLog() {
    BodyLink body = body(1, 1);
    home.frames(body, frames(true, 10, 1, 2, 3));
    home.end(SessionRefusals.stops());
    home = made(2);
    cell.frames.away(true);
    home.open();
    Heard<AttachResponse> late = new Heard<>();
    attach(late, 9, 9);
    assertThat(late.all).noneMatch(AttachResponse::hasGap);

    cell.frames.away(false);
    pass(Duration.ZERO);
    home.frames(body(1, 4), frames(false, 10, 4));

    assertThat(late.all.stream().filter(AttachResponse::hasGap))
        .singleElement()
        .satisfies(it -> assertThat(it.getGap().getUntil().getNumber()).isEqualTo(4));
    assertThat(numbers(late)).containsExactly(4L);
  }

  @Test
  void whileTheLogIsAwayTheBodyIsHeldAndNothingIsLost() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = attach(client, 0, 0);
    BodyLink body = body(1, 1);
    cell.frames.away(true);
    for (int number = 1; number <= 8; number++) {
      home.frames(body, frames(false, LARGE, number));
    }
    int before = told.requested;
    assertThat(home.frames().ring().isFull()).isTrue();
    assertThat(held(client)).isTrue();

    home.frames(body, frames(false, 10, 9));
    ticker.advance(Duration.ofSeconds(5));
    home.tick(ticker.nanos());

    assertThat(told.requested).isEqualTo(before);
    assertThat(home.hasBody()).isTrue();
    cell.frames.away(false);
    pass(Duration.ZERO);
    assertThat(told.requested).isGreaterThan(before);
    assertThat(acked()).isEqualTo(9);
    readAll(client, link);
    assertThat(numbers(client)).containsExactlyElementsOf(range(1, 9));
    assertThat(held(client)).isFalse();
  }

  private static boolean held(Heard<AttachResponse> heard) {
    return heard.all.stream()
        .filter(AttachResponse::hasStatus)
        .toList()
        .getLast()
        .getStatus()
        .getHeld();
  }

  @Test
  void aStreamThatComesAgainIsNotToldToForgetWhatIsNotSealed() {
    BodyLink body = body(1, 1);
    home.frames(body, frames(false, 10, 1, 2, 3));
    home.bodyGone(body, false);

    BodyLink again = body(1, 1);
    home.frames(again, frames(false, 10, 4));

    assertThat(told.all.stream().filter(BodyResponse::hasWelcome).toList().getLast())
        .matches(it -> it.getWelcome().getReceivedThrough() == 3);
    assertThat(acked()).isZero();
  }

  @Test
  void aSegmentWhoseAnswerWasLostIsSealedOnce() {
    BodyLink body = body(1, 1);
    cell.frames.losesAnswers(true);
    home.frames(body, frames(true, 10, 1));
    home.frames(body, frames(true, 10, 2));
    assertThat(acked()).isZero();

    cell.frames.losesAnswers(false);
    pass(Duration.ZERO);

    assertThat(acked()).isEqualTo(2);
    assertThat(cell.frames.sealed).extracting(it -> it.getFramesCount()).containsExactly(1, 1);
  }

  @Test
  void aHomeThatIsNoneAnyMoreSealsNothing() {
    BodyLink body = body(1, 1);
    cell.frames.openFrames(
        OpenFramesRequest.newBuilder().setTenant("acme").setAgentId(AGENT).setHomeEpoch(2).build(),
        new Heard<>());

    home.frames(body, frames(true, 10, 1));

    assertThat(cell.frames.count(AGENT)).isZero();
    assertThat(body.over()).isTrue();
  }

  @Test
  void theAgentsEndIsNotedWhenAllOfItIsSealed() {
    BodyLink body = body(1, 1);
    home.frames(body, frames(false, 10, 1));
    cell.frames.away(true);
    home.bodyGone(body, false);
    cell.agents.change(AGENT, it -> it.setState(AgentState.AGENT_STATE_TERMINATED));
    home.tick(ticker.nanos());
    assertThat(home.spent()).isFalse();

    cell.frames.away(false);
    pass(Duration.ZERO);

    assertThat(cell.frames.isOver(AGENT)).isTrue();
    assertThat(cell.frames.count(AGENT)).isPositive();
    assertThat(home.spent()).isTrue();
  }

  private AgentHome made(long epoch) {
    SessionMeter meter = new SessionMeter(new SimpleMeterRegistry());
    HomeTools tools = cell.tools(ticker, (_, action) -> later.add(action), meter);
    return new AgentHome(
        new HomeTerm("acme", AGENT, epoch), tools, new SessionHub.Limits(RING, 1 << 20), () -> {});
  }

  /** The body lives meanwhile. */
  private void pass(Duration time) {
    ticker.advance(time);
    List<Runnable> due = List.copyOf(later);
    later.clear();
    due.forEach(Runnable::run);
    AgentHome here = home;
    synchronized (here) {
      here.frames().sealing().tick();
    }
    here.bodyReady();
  }

  private BodyLink body(int number, long oldest) {
    BodyLink link =
        new BodyLink(
            told,
            BodyHello.newBuilder().setBody(number).setOldestFrame(oldest).build(),
            ticker.nanos(),
            () -> 1L << 20);
    home.bodyCame(link);
    return link;
  }

  private ClientLink attach(Heard<AttachResponse> heard, int body, long number) {
    ClientLink link =
        new ClientLink(
            new StreamOutlet(heard),
            AttachHello.newBuilder()
                .setViewer(true)
                .setCursor(SessionCursor.newBuilder().setBody(body).setNumber(number))
                .build(),
            ticker.nanos(),
            () -> ClientLink.LEAST_WINDOW);
    home.clientCame(link);
    return link;
  }

  private void readAll(Heard<AttachResponse> heard, ClientLink link) {
    int before;
    do {
      before = heard.all.size();
      home.passedOn(link, heard.all.stream().mapToLong(AttachResponse::getSerializedSize).sum());
    } while (heard.all.size() > before);
  }

  private long acked() {
    return told.all.stream().mapToLong(it -> it.getFrame().getAckedThrough()).max().orElse(0);
  }

  private static BodyFrames frames(boolean waits, int bytes, int... numbers) {
    BodyFrames.Builder frames = BodyFrames.newBuilder().setWaits(waits);
    IntStream.of(numbers)
        .forEach(
            number ->
                frames.addFrames(
                    SessionFrame.newBuilder()
                        .setNumber(number)
                        .setTerminal(ByteString.copyFrom(new byte[bytes]))));
    return frames.build();
  }

  private static List<Long> numbers(Heard<AttachResponse> heard) {
    return heard.all.stream()
        .filter(it -> it.getFrame().hasFrame())
        .map(it -> it.getFrame().getFrame().getNumber())
        .toList();
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
