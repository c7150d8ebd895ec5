package dev.weft.gateway.testing;

import dev.weft.proto.internal.artifact.v1.FrameLogState;
import dev.weft.proto.internal.artifact.v1.FramePlace;
import dev.weft.proto.internal.artifact.v1.FrameServiceGrpc.FrameServiceImplBase;
import dev.weft.proto.internal.artifact.v1.OpenFramesRequest;
import dev.weft.proto.internal.artifact.v1.OpenFramesResponse;
import dev.weft.proto.internal.artifact.v1.ReadFramesRequest;
import dev.weft.proto.internal.artifact.v1.ReadFramesResponse;
import dev.weft.proto.internal.artifact.v1.SealFramesRequest;
import dev.weft.proto.internal.artifact.v1.SealFramesResponse;
import dev.weft.proto.internal.artifact.v1.SealedFrame;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The frames of the artifact service, which all its replicas show alike. */
public final class FakeFrames extends FrameServiceImplBase {

  private static final Comparator<FramePlace> ORDER =
      Comparator.comparingInt(FramePlace::getBody).thenComparingLong(FramePlace::getNumber);

  private final Map<String, Log> logs = new HashMap<>();

  /** Every segment that was taken, with its agent. */
  public final List<SealFramesRequest> sealed = new ArrayList<>();

  private boolean away;
  private boolean losesAnswers;

  private static final class Log {
    private final String tenant;
    private final TreeMap<FramePlace, SealedFrame> frames = new TreeMap<>(ORDER);
    private long epoch;
    private FramePlace dropped = FramePlace.getDefaultInstance();
    private int endedBody;
    private boolean over;
    private SealFramesRequest lastSeal = SealFramesRequest.getDefaultInstance();

    Log(String tenant) {
      this.tenant = tenant;
    }

    FramePlace newest() {
      return frames.isEmpty() ? dropped : frames.lastKey();
    }

    FrameLogState state() {
      return FrameLogState.newBuilder()
          .setSealedThrough(newest())
          .setDroppedThrough(dropped)
          .setEndedBody(endedBody)
          .setRecent(dropped)
          .build();
    }
  }

  /** Answers nothing from now on, or again. */
  public synchronized void away(boolean now) {
    away = now;
  }

  /** Does what it is asked to and fails all the same, from now on, or not any more. */
  public synchronized void losesAnswers(boolean now) {
    losesAnswers = now;
  }

  /** Drops an agent's oldest frames, up to this one. */
  public synchronized void drop(String agentId, int body, long number) {
    Log log = log(agentId);
    log.dropped = FramePlace.newBuilder().setBody(body).setNumber(number).build();
    log.frames.headMap(log.dropped, true).clear();
  }

  /** How many frames of an agent are here. */
  public synchronized int count(String agentId) {
    return logs.containsKey(agentId) ? log(agentId).frames.size() : 0;
  }

  /** The last frame of an agent that is here. */
  public synchronized FramePlace newest(String agentId) {
    return logs.containsKey(agentId) ? log(agentId).newest() : FramePlace.getDefaultInstance();
  }

  /** Whether its home has said that the agent is over. */
  public synchronized boolean isOver(String agentId) {
    return logs.containsKey(agentId) && log(agentId).over;
  }

  private Log log(String agentId) {
    Log log = logs.get(agentId);
    if (log == null) {
      throw new IllegalArgumentException("agent: " + agentId + " (expected: one with frames)");
    }
    return log;
  }

  @Override
  public synchronized void openFrames(
      OpenFramesRequest request, StreamObserver<OpenFramesResponse> answer) {
    answer(
        answer,
        () -> {
          Log log = logs.computeIfAbsent(request.getAgentId(), _ -> new Log(request.getTenant()));
          if (log.epoch > request.getHomeEpoch() || !log.tenant.equals(request.getTenant())) {
            throw fenced();
          }
          log.epoch = request.getHomeEpoch();
          return OpenFramesResponse.newBuilder().setState(log.state()).build();
        });
  }

  @Override
  public synchronized void sealFrames(
      SealFramesRequest request, StreamObserver<SealFramesResponse> answer) {
    answer(
        answer,
        () -> {
          Log log = logs.get(request.getAgentId());
          if (log == null || log.epoch != request.getHomeEpoch()) {
            throw fenced();
          }
          if (!request.equals(log.lastSeal)) {
            for (SealedFrame frame : request.getFramesList()) {
              if (ORDER.compare(log.newest(), frame.getPlace()) >= 0) {
                throw fenced();
              }
              log.frames.put(frame.getPlace(), frame);
            }
            log.lastSeal = request;
            log.endedBody = Math.max(log.endedBody, request.getEndedBody());
            log.over |= request.getAgentOver();
            sealed.add(request);
          }
          return SealFramesResponse.newBuilder().setState(log.state()).build();
        });
  }

  @Override
  public synchronized void readFrames(
      ReadFramesRequest request, StreamObserver<ReadFramesResponse> answer) {
    answer(
        answer,
        () -> {
          Log log = logs.get(request.getAgentId());
          if (log == null || !log.tenant.equals(request.getTenant())) {
            return ReadFramesResponse.getDefaultInstance();
          }
          ReadFramesResponse.Builder page = ReadFramesResponse.newBuilder().setState(log.state());
          long size = 0;
          FramePlace after = request.getRecent() ? log.dropped : request.getAfter();
          for (SealedFrame frame : log.frames.tailMap(after, false).values()) {
            size += frame.getFrame().size();
            if (page.getFramesCount() > 0 && size > request.getMostBytes()) {
              break;
            }
            page.addFrames(frame);
          }
          return page.build();
        });
  }

  private <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
    try {
      if (away) {
        throw Status.UNAVAILABLE.asRuntimeException();
      }
      T done = work.get();
      if (losesAnswers) {
        throw Status.UNAVAILABLE.asRuntimeException();
      }
      observer.onNext(done);
      observer.onCompleted();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  private static StatusRuntimeException fenced() {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.FAILED_PRECONDITION.value())
            .setMessage("home_epoch: an earlier one's (expected: the latest home's)")
            .addDetails(
                com.google.protobuf.Any.pack(
                    com.google.rpc.ErrorInfo.newBuilder()
                        .setReason("FRAMES_FENCED")
                        .setDomain("weft.dev")
                        .build()))
            .build());
  }
}
