package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.KeptFrame;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.ReplayRing;
import dev.weft.gateway.domain.session.SealedState;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings a home's frames into the agent's log: one segment at a time, when there are enough of them
 * or when they have waited, or at once when somebody waits for it; while the log is away, again and
 * again. A segment is cut when the home has its turn among all homes of the gateway: what comes
 * while it waits goes with it. What may have been stored is sealed again as it was. Guarded by its
 * home's lock.
 */
final class Sealing {

  private static final Logger LOG = Logger.getLogger(Sealing.class);

  /** So many bytes are a segment that does not wait, or half of a ring that is small. */
  private static final long SEGMENT_BYTES = 256 << 10;

  /** So long a frame waits for others. */
  private static final Duration AGE = Duration.ofSeconds(30);

  private final AgentHome home;
  private final HomeTools tools;
  private final ReplayRing<NumberedFrame> ring;
  private final long segmentBytes;
  private FrameLog.@Nullable Opened opened;
  private FrameLog.@Nullable Batch batch;
  private boolean waits;
  private boolean underWay;
  private boolean rests;
  private int failures;
  private long waitingSince;
  private Place pressed = Place.START;
  private int ended;
  private int endedNoted;
  private boolean over;
  private boolean overNoted;

  Sealing(AgentHome home, HomeTools tools, ReplayRing<NumberedFrame> ring, long ringBytes) {
    this.segmentBytes = Math.min(SEGMENT_BYTES, ringBytes / 2);
    this.home = home;
    this.tools = tools;
    this.ring = ring;
  }

  /** Asks for the log, until it is there or the home is none any more. */
  void open() {
    home.whenAnswered(tools.frames().open(home.term()), this::opened);
  }

  private void opened(FrameLog.Opened answer, @Nullable Throwable failure) {
    if (home.over()) {
      return;
    }
    if (failure != null) {
      failed(failure, this::open);
      return;
    }
    failures = 0;
    opened = answer;
    home.frames().found(answer.state());
    go();
  }

  /** Where the log's last frames begin; empty as long as it was not there. */
  Optional<Place> recent() {
    return Optional.ofNullable(opened).map(FrameLog.Opened::recent);
  }

  /** Whether it is known what earlier homes have sealed. */
  boolean isOpen() {
    return opened != null;
  }

  /** Whether the log does not answer. */
  boolean isAway() {
    return failures > 0;
  }

  /** Frames are there to be sealed. */
  void added(long before) {
    if (before == 0) {
      waitingSince = tools.ticker().nanos();
    }
    go();
  }

  /** Somebody waits until all that is here is sealed. */
  void press() {
    pressed = ring.newest();
    go();
  }

  /** Nothing more comes of a body. */
  void ended(int body) {
    ended = Math.max(ended, body);
    press();
  }

  /** Nothing more comes of the agent. */
  void over() {
    over = true;
    press();
  }

  void tick() {
    go();
  }

  /** Whether all is in the log that is to be there. */
  boolean isDone() {
    return !waits
        && !underWay
        && ring.unsealedBytes() == 0
        && endedNoted >= ended
        && overNoted == over;
  }

  private boolean isDue() {
    boolean some = ring.unsealedBytes() > 0;
    boolean old = some && tools.ticker().nanos() - waitingSince >= AGE.toNanos();
    boolean notes = !some && (endedNoted < ended || overNoted != over);
    boolean asked = some && ring.sealedThrough().isBefore(pressed);
    return batch != null || old || notes || asked || ring.unsealedBytes() >= segmentBytes;
  }

  private void go() {
    if (opened == null || waits || underWay || rests || home.over() || !isDue()) {
      return;
    }
    waits = true;
    tools.frames().seals().take(home, this::turn);
  }

  private LogTurns.UnderWay turn() {
    waits = false;
    if (home.over()) {
      return LogTurns.UnderWay.NOTHING;
    }
    FrameLog.Batch next = batch == null ? cut() : batch;
    batch = next;
    underWay = true;
    CompletionStage<SealedState> call = tools.frames().seal(home.term(), next, failures);
    home.whenAnswered(call, (state, failure) -> answered(next, state, failure));
    return new LogTurns.UnderWay(next.turnBytes(), call);
  }

  /** What is noted is true only when everything before it is in the log. */
  private FrameLog.Batch cut() {
    List<KeptFrame<NumberedFrame>> frames = ring.unsealed(FrameLog.SEGMENT_BYTES);
    boolean all = frames.isEmpty() || frames.getLast().place().equals(ring.newest());
    return new FrameLog.Batch(frames, all ? ended : 0, all && over);
  }

  private void answered(FrameLog.Batch sealed, SealedState state, @Nullable Throwable failure) {
    underWay = false;
    if (home.over()) {
      return;
    }
    if (failure != null) {
      failed(failure, this::go);
      return;
    }
    if (failures > 0) {
      LOG.infof("frames are sealed again: agentId=%s", home.term().agentId());
    }
    failures = 0;
    batch = null;
    waitingSince = tools.ticker().nanos();
    endedNoted = Math.max(endedNoted, sealed.endedBody());
    overNoted = overNoted || sealed.over();
    home.frames().sealed(state.sealed());
    go();
  }

  private void failed(Throwable failure, Runnable again) {
    if (FrameLog.isFenced(failure)) {
      home.end(SessionRefusals.staleHome(home.term().agentId(), home.term().epoch() + 1));
      return;
    }
    if (failures == 0) {
      LOG.warnf(
          "frames are not sealed, trying again: agentId=%s error=%s",
          home.term().agentId(), StatusMapper.fromStatus(failure).message());
    }
    failures++;
    rests = true;
    home.frames().heldMayChange();
    home.later(
        Errands.AGAIN.delay(failures, tools.random()),
        () -> {
          rests = false;
          if (!home.over()) {
            again.run();
          }
        });
  }
}
