package dev.weft.gateway.session;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.domain.session.KeptFrame;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.SealedPage;
import dev.weft.gateway.domain.session.SealedState;
import dev.weft.gateway.forward.Holder;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.artifact.v1.FrameLogState;
import dev.weft.proto.internal.artifact.v1.FramePlace;
import dev.weft.proto.internal.artifact.v1.FrameServiceGrpc;
import dev.weft.proto.internal.artifact.v1.FrameServiceGrpc.FrameServiceFutureStub;
import dev.weft.proto.internal.artifact.v1.OpenFramesRequest;
import dev.weft.proto.internal.artifact.v1.ReadFramesRequest;
import dev.weft.proto.internal.artifact.v1.SealFramesRequest;
import dev.weft.proto.internal.artifact.v1.SealFramesResponse;
import dev.weft.proto.internal.artifact.v1.SealedFrame;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The frames of agents at the artifact service. Every call is idempotent, and is repeated at
 * another replica for 4 s; which is why what fails may have taken effect. Segments and pages are
 * under way only as far as there is room for all homes together: whoever sends or asks for one
 * takes a turn first, and gives it back.
 */
public final class FrameLog {

  /** A segment, about: its frames are no more. */
  static final int SEGMENT_BYTES = 1 << 20;

  /** A page, about: half of what may be on its way to a client. */
  static final int PAGE_BYTES = (int) (ClientLink.MOST_WINDOW / 2);

  /** So much of the room each segment takes at least, so that there are few at once. */
  private static final long LEAST_TURN_BYTES = 256 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final int LONGEST_SHIFT = 3;
  private static final String FENCED = "FRAMES_FENCED";

  private final Holder store;
  private final LogTurns seals;
  private final LogTurns pages;

  public FrameLog(Holder store, Later later, BufferShares shares) {
    this.store = store;
    this.seals = new LogTurns(later, shares.segments(), SEGMENT_BYTES);
    this.pages = new LogTurns(later, shares.pages(), PAGE_BYTES);
  }

  /** Bytes of segments that are on their way, each counted as a quarter of the largest at least. */
  public long sealingBytes() {
    return seals.underWay();
  }

  /** Whose segment goes next. */
  LogTurns seals() {
    return seals;
  }

  /** Whose reader has its page next. */
  LogTurns pages() {
    return pages;
  }

  /**
   * A log that was opened.
   *
   * @param recent where its last frames begin
   */
  record Opened(SealedState state, Place recent) {}

  /**
   * What is to be sealed at once.
   *
   * @param endedBody nothing more comes of bodies up to this one; 0 says nothing
   * @param over the agent is over
   */
  record Batch(List<KeptFrame<NumberedFrame>> frames, int endedBody, boolean over) {

    /** What it takes of the room. */
    long turnBytes() {
      long bytes = frames.stream().mapToLong(frame -> frame.frame().getSerializedSize()).sum();
      return Math.clamp(bytes, LEAST_TURN_BYTES, SEGMENT_BYTES);
    }
  }

  /** Whether a call failed since a later home has the log. */
  static boolean isFenced(Throwable failure) {
    return StatusMapper.fromStatus(failure).reason().equals(FENCED);
  }

  CompletionStage<Opened> open(HomeTerm term) {
    OpenFramesRequest request =
        OpenFramesRequest.newBuilder()
            .setTenant(term.tenant())
            .setAgentId(term.agentId())
            .setHomeEpoch(term.epoch())
            .build();
    return ask(stub -> stub.openFrames(request))
        .thenApply(
            answer -> new Opened(state(answer.getState()), place(answer.getState().getRecent())));
  }

  /**
   * Seals a segment. At first as every call; what failed so is left to one replica for longer,
   * since a log that is slow is not quicker when it is asked again.
   *
   * @param failures of this segment so far: each doubles the time that it may take, up to eight
   *     times
   */
  CompletionStage<SealedState> seal(HomeTerm term, Batch batch, int failures) {
    SealFramesRequest.Builder request =
        SealFramesRequest.newBuilder()
            .setTenant(term.tenant())
            .setAgentId(term.agentId())
            .setHomeEpoch(term.epoch())
            .setEndedBody(batch.endedBody())
            .setAgentOver(batch.over());
    for (KeptFrame<NumberedFrame> frame : batch.frames()) {
      request.addFrames(
          SealedFrame.newBuilder()
              .setPlace(place(frame.place()))
              .setFrame(frame.frame().toByteString())
              .setAfterLoss(frame.afterLoss()));
    }
    SealFramesRequest built = request.build();
    Function<Channel, ListenableFuture<SealFramesResponse>> call =
        channel -> FrameServiceGrpc.newFutureStub(channel).sealFrames(built);
    Duration patience = PATIENCE.multipliedBy(1L << Math.min(failures, LONGEST_SHIFT));
    return (failures == 0 ? store.call(call, patience) : store.callOnce(call, patience))
        .thenApply(answer -> state(answer.getState()));
  }

  /** Frames after a place, about so many bytes. */
  CompletionStage<SealedPage<NumberedFrame>> read(HomeTerm term, Place after, int mostBytes) {
    return read(term.tenant(), term.agentId(), after, mostBytes);
  }

  /** The same of any agent of a tenant. */
  CompletionStage<SealedPage<NumberedFrame>> read(
      String tenant, String agentId, Place after, int mostBytes) {
    return read(asked(tenant, agentId, mostBytes).setAfter(place(after)).build());
  }

  /** The first of the frames of which an agent's last 4 MiB are, about. */
  CompletionStage<SealedPage<NumberedFrame>> recent(String tenant, String agentId, int mostBytes) {
    return read(asked(tenant, agentId, mostBytes).setRecent(true).build());
  }

  private static ReadFramesRequest.Builder asked(String tenant, String agentId, int mostBytes) {
    return ReadFramesRequest.newBuilder()
        .setTenant(tenant)
        .setAgentId(agentId)
        .setMostBytes(mostBytes);
  }

  private CompletionStage<SealedPage<NumberedFrame>> read(ReadFramesRequest request) {
    return ask(stub -> stub.readFrames(request))
        .thenApply(
            answer ->
                new SealedPage<>(
                    frames(answer.getFramesList()),
                    state(answer.getState()),
                    answer.hasMissingThrough()
                        ? Optional.of(place(answer.getMissingThrough()))
                        : Optional.empty()));
  }

  private static List<KeptFrame<NumberedFrame>> frames(List<SealedFrame> sealed) {
    List<KeptFrame<NumberedFrame>> frames = new ArrayList<>(sealed.size());
    for (SealedFrame frame : sealed) {
      try {
        frames.add(
            new KeptFrame<>(
                place(frame.getPlace()),
                NumberedFrame.parseFrom(frame.getFrame()),
                frame.getAfterLoss()));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("a sealed frame is unreadable", e);
      }
    }
    return frames;
  }

  private static SealedState state(FrameLogState state) {
    return new SealedState(
        place(state.getSealedThrough()), place(state.getDroppedThrough()), state.getEndedBody());
  }

  private static Place place(FramePlace place) {
    return new Place(place.getBody(), place.getNumber());
  }

  private static FramePlace place(Place place) {
    return FramePlace.newBuilder().setBody(place.body()).setNumber(place.number()).build();
  }

  private <T> CompletionStage<T> ask(
      Function<FrameServiceFutureStub, ListenableFuture<T>> question) {
    return store.call(channel -> question.apply(FrameServiceGrpc.newFutureStub(channel)), PATIENCE);
  }
}
