package dev.weft.artifact.grpc.frames;

import dev.weft.artifact.app.frames.FrameLogKey;
import dev.weft.artifact.app.frames.FrameLogs;
import dev.weft.artifact.app.frames.FrameRows.Note;
import dev.weft.artifact.domain.ArtifactRules;
import dev.weft.artifact.domain.InvalidValue;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.artifact.v1.FrameServiceGrpc.FrameServiceImplBase;
import dev.weft.proto.internal.artifact.v1.OpenFramesRequest;
import dev.weft.proto.internal.artifact.v1.OpenFramesResponse;
import dev.weft.proto.internal.artifact.v1.ReadFramesRequest;
import dev.weft.proto.internal.artifact.v1.ReadFramesResponse;
import dev.weft.proto.internal.artifact.v1.SealFramesRequest;
import dev.weft.proto.internal.artifact.v1.SealFramesResponse;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Frames of sessions, for gateways. Calls wait, each on a virtual thread. */
public final class FrameGrpcService extends FrameServiceImplBase {

  private static final int MOST_ID = 64;
  private static final int MOST_PAGE = 1 << 20;

  private final FrameLogs logs;

  public FrameGrpcService(FrameLogs logs) {
    this.logs = logs;
  }

  @Override
  public void openFrames(OpenFramesRequest request, StreamObserver<OpenFramesResponse> answer) {
    answer(
        answer,
        () -> {
          FrameLogs.Opened opened =
              logs.open(
                  key(request.getTenant(), request.getAgentId()), epoch(request.getHomeEpoch()));
          return OpenFramesResponse.newBuilder()
              .setState(
                  FrameProto.state(opened.state()).setRecent(FrameProto.place(opened.recent())))
              .build();
        });
  }

  @Override
  public void sealFrames(SealFramesRequest request, StreamObserver<SealFramesResponse> answer) {
    answer(
        answer,
        () ->
            SealFramesResponse.newBuilder()
                .setState(
                    FrameProto.state(
                        logs.seal(
                            key(request.getTenant(), request.getAgentId()),
                            epoch(request.getHomeEpoch()),
                            request.getFramesList().stream().map(FrameProto::frame).toList(),
                            note(request))))
                .build());
  }

  @Override
  public void readFrames(ReadFramesRequest request, StreamObserver<ReadFramesResponse> answer) {
    answer(
        answer,
        () -> {
          FrameLogKey key = key(request.getTenant(), request.getAgentId());
          long most = Math.min(Integer.toUnsignedLong(request.getMostBytes()), MOST_PAGE);
          FrameLogs.Page page =
              request.getRecent()
                  ? logs.recent(key, most)
                  : logs.read(key, FrameProto.place(request.getAfter()), most);
          ReadFramesResponse.Builder built =
              ReadFramesResponse.newBuilder().setState(FrameProto.state(page.state()));
          page.frames().forEach(frame -> built.addFrames(FrameProto.frame(frame)));
          page.missing().ifPresent(place -> built.setMissingThrough(FrameProto.place(place)));
          return built.build();
        });
  }

  private static Note note(SealFramesRequest request) {
    if (request.getEndedBody() < 0) {
      throw new InvalidValue(
          "ended_body", Integer.toUnsignedString(request.getEndedBody()), "0…2^31-1");
    }
    return new Note(request.getEndedBody(), request.getAgentOver());
  }

  private static FrameLogKey key(String tenant, String agentId) {
    if (agentId.isEmpty() || agentId.length() > MOST_ID) {
      throw new InvalidValue("agent_id", agentId, "1.." + MOST_ID + " characters");
    }
    return new FrameLogKey(ArtifactRules.tenant(tenant), agentId);
  }

  private static long epoch(long epoch) {
    if (epoch < 1) {
      throw new InvalidValue("home_epoch", epoch, "1 and more");
    }
    return epoch;
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
    T done;
    try {
      done = work.get();
    } catch (InvalidValue e) {
      throw MeshException.invalidField(e.field(), e.value(), e.expected());
    }
    observer.onNext(done);
    observer.onCompleted();
  }
}
