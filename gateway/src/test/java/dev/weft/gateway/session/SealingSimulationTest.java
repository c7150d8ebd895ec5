package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.gateway.domain.session.Place;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.artifact.v1.FramePlace;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session whose home, body and log fail at random, as often as they like; what is made is held
 * against what its readers were told.
 */
class SealingSimulationTest {

  private static final String AGENT = "agt_01k00000000000000000000000";
  private static final Problem KILLED = Problem.newBuilder().setReason("LEASE_LOST").build();
  private static final int BODY_BYTES = 8 << 10;
  private static final int ROUNDS = 1_500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyFrameIsToldOnceUnlessHomeAndBodyDiedWithIt(long seed) {
    try (CellInProcess cell = new CellInProcess()) {
      World world = new World(cell, new Random(seed));
      for (int round = 0; round < ROUNDS; round++) {
        world.step();
      }
      world.settle();
      Reader late = new Reader(world, Place.START);
      world.readAll(late);

      assertThat(world.reader.seen.keySet()).containsAll(world.required().keySet());
      assertThat(late.seen.keySet()).containsAll(world.required().keySet());
      assertThat(world.required()).hasSizeGreaterThan(ROUNDS / 50);
    }
  }

  private static final class World {

    private final CellInProcess cell;
    private final Random random;
    private final SettableTicker ticker = new SettableTicker();
    private final List<Runnable> later = new ArrayList<>();
    private final TreeMap<Place, String> made = new TreeMap<>();
    private final TreeSet<Place> lost = new TreeSet<>();
    private final Reader reader;
    private AgentHome home;
    private Body body;

    World(CellInProcess cell, Random random) {
      this.cell = cell;
      this.random = random;
      cell.agents.openAgent(
          OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(AGENT).build(), new Heard<>());
      cell.agents.change(AGENT, it -> it.setState(AgentState.AGENT_STATE_RUNNING).setBody(1));
      home = newHome();
      body = new Body(1);
      body.dial();
      reader = new Reader(this, Place.START);
    }

    private AgentHome newHome() {
      long epoch = cell.agents.move(AGENT, "home-" + later.size());
      AgentHome made =
          new AgentHome(
              new HomeTerm("acme", AGENT, epoch),
              cell.tools(
                  ticker,
                  (_, action) -> later.add(action),
                  new SessionMeter(new SimpleMeterRegistry())),
              new SessionHub.Limits(16 << 10, 32 << 10),
              () -> {});
      made.open();
      return made;
    }

    NavigableMap<Place, String> required() {
      TreeMap<Place, String> required = new TreeMap<>(made);
      required.keySet().removeAll(lost);
      return required;
    }

    void step() {
      switch (random.nextInt(60)) {
        case 0 -> cell.frames.away(random.nextBoolean());
        case 1 -> cell.frames.losesAnswers(random.nextBoolean());
        case 2 -> homeDies();
        case 3 -> bodyDies();
        case 4 -> bodyBreaksOff();
        case 5 -> reader.comeBack();
        case 6 -> home.shrink(random.nextInt(8 << 10));
        case 7, 8, 9, 10, 11 -> pass();
        case 12, 13, 14, 15, 16, 17, 18, 19 -> reader.read();
        case 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 -> body.handOver();
        default -> body.write();
      }
    }

    void pass() {
      ticker.advance(Duration.ofMillis(random.nextInt(2_000)));
      List<Runnable> due = List.copyOf(later);
      later.clear();
      due.forEach(Runnable::run);
      body.beat();
      home.tick(ticker.nanos());
    }

    private Place sealed() {
      FramePlace newest = cell.frames.newest(AGENT);
      return new Place(newest.getBody(), newest.getNumber());
    }

    /** With it goes what it alone had: frames of dead bodies that are not sealed. */
    void homeDies() {
      Place sealed = sealed();
      made.keySet().stream()
          .filter(place -> sealed.isBefore(place) && place.body() < body.number)
          .forEach(lost::add);
      home = newHome();
      body.dial();
      reader.comeBack();
    }

    /** What it has not handed over to this home, and is not sealed, nobody has. */
    void bodyDies() {
      Place sealed = sealed();
      long received = Math.max(body.received(), sealed.body() == body.number ? sealed.number() : 0);
      for (long number = received + 1; number <= body.last; number++) {
        lost.add(new Place(body.number, number));
      }
      home.bodyGone(body.link, false);
      int next = body.number + 1;
      cell.agents.change(
          AGENT,
          it -> it.setState(AgentState.AGENT_STATE_RUNNING).setBody(next).setProblem(KILLED));
      body = new Body(next);
      body.dial();
    }

    void bodyBreaksOff() {
      home.bodyGone(body.link, false);
      body.dial();
    }

    /** All that failed is well again, and everything has its time. */
    void settle() {
      cell.frames.away(false);
      cell.frames.losesAnswers(false);
      for (int i = 0; i < 60; i++) {
        body.handOver();
        pass();
        readAll(reader);
      }
      assertThat(home.frames().ring().unsealedBytes()).isZero();
      assertThat(body.waiting()).isZero();
    }

    void readAll(Reader who) {
      int before;
      do {
        before = who.heard.all.size();
        who.read();
      } while (who.heard.all.size() > before);
    }

    /** A worker's side: it keeps what is not acknowledged, and writes no more than fits. */
    private final class Body {

      private final int number;
      private final TreeMap<Long, SessionFrame> kept = new TreeMap<>();
      private Heard<BodyResponse> told = new Heard<>();
      private BodyLink link;
      private long last;
      private long sent;
      private final long window = 500L + random.nextInt(8_000);
      private int given;
      private long sentBytes;
      private long credit;
      private boolean welcome;

      Body(int number) {
        this.number = number;
        this.link = new BodyLink(told, BodyHello.getDefaultInstance(), 0, () -> window);
      }

      void dial() {
        hear();
        told = new Heard<>();
        given = 0;
        long oldest = kept.isEmpty() ? last + 1 : kept.firstKey();
        link =
            new BodyLink(
                told,
                BodyHello.newBuilder()
                    .setBody(number)
                    .setOldestFrame(oldest)
                    .setNewestFrame(last)
                    .build(),
                ticker.nanos(),
                () -> window);
        welcome = false;
        sent = 0;
        sentBytes = 0;
        credit = 0;
        home.bodyCame(link);
      }

      long received() {
        hear();
        return sent;
      }

      int waiting() {
        hear();
        return kept.values().stream().mapToInt(SessionFrame::getSerializedSize).sum();
      }

      /** The welcome may come late. */
      private void hear() {
        if (!welcome && !told.all.isEmpty()) {
          welcome = true;
          sent = told.all.getFirst().getWelcome().getReceivedThrough();
          credit = told.all.getFirst().getWelcome().getCreditBytes();
        }
        told.all.forEach(it -> credit = Math.max(credit, it.getFrame().getCreditBytes()));
        told.all.forEach(it -> kept.headMap(it.getFrame().getAckedThrough(), true).clear());
      }

      void write() {
        if (waiting() < BODY_BYTES) {
          String text = number + "." + (last + 1) + " " + "x".repeat(random.nextInt(2_000));
          last++;
          made.put(new Place(number, last), text);
          kept.put(
              last,
              SessionFrame.newBuilder()
                  .setNumber(last)
                  .setTerminal(ByteString.copyFromUtf8(text))
                  .build());
        }
      }

      void handOver() {
        hear();
        int most = 1 + random.nextInt(6);
        List<SessionFrame> next = kept.tailMap(sent, false).values().stream().limit(most).toList();
        if (!next.isEmpty() && say(next)) {
          sent = next.getLast().getNumber();
        }
      }

      void beat() {
        say(List.of());
      }

      /**
       * No more messages than were asked for, no more frames than there is credit for, and none to
       * who has hung up.
       */
      private boolean say(List<SessionFrame> frames) {
        hear();
        if (link.over()) {
          dial();
          return false;
        }
        boolean bounded = !frames.isEmpty() && sentBytes >= credit;
        if (!welcome || told.requested <= given || bounded) {
          return false;
        }
        given++;
        BodyFrames said =
            BodyFrames.newBuilder()
                .addAllFrames(frames)
                .setWaits(waiting() >= BODY_BYTES / 2)
                .build();
        sentBytes += said.getSerializedSize();
        home.frames(link, said);
        return true;
      }
    }
  }

  /** Fails by itself when a frame comes twice, out of order, or within a gap. */
  private static final class Reader {

    private final World world;
    private final Map<Place, String> seen = new TreeMap<>();
    private Heard<AttachResponse> heard = new Heard<>();
    private ClientLink link;
    private Place at;
    private int taken;
    private long bytes;

    Reader(World world, Place from) {
      this.world = world;
      this.at = from;
      this.link = attach();
    }

    private ClientLink attach() {
      heard = new Heard<>();
      taken = 0;
      bytes = 0;
      ClientLink made =
          new ClientLink(
              new StreamOutlet(heard),
              AttachHello.newBuilder().setViewer(true).setCursor(Cursors.of(at)).build(),
              world.ticker.nanos(),
              () -> ClientLink.LEAST_WINDOW);
      world.home.clientCame(made);
      return made;
    }

    void comeBack() {
      world.home.clientGone(link);
      link = attach();
    }

    void read() {
      while (taken < heard.all.size()) {
        AttachResponse step = heard.all.get(taken++);
        bytes += step.getSerializedSize();
        if (step.hasFrame()) {
          frame(step.getFrame(), Cursors.after(step).orElseThrow());
        } else if (step.hasGap()) {
          assertThat(step.getGap().getReason()).isNotEqualTo("CURSOR_UNKNOWN");
          Place resume = Cursors.after(step).orElseThrow();
          assertThat(Cursors.place(step.getGap().getAfter())).isEqualTo(at);
          assertThat(world.required().subMap(at, false, resume, true).keySet()).isEmpty();
          at = resume;
        }
      }
      world.home.passedOn(link, bytes);
    }

    private void frame(NumberedFrame frame, Place place) {
      assertThat(at.isBefore(place)).isTrue();
      at = place;
      if (!frame.hasInterrupted()) {
        seen.put(place, frame.getFrame().getTerminal().toStringUtf8());
        assertThat(seen.get(place)).isEqualTo(world.made.get(place));
      }
    }
  }
}
