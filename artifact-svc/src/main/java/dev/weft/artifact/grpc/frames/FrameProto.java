package dev.weft.artifact.grpc.frames;

import com.google.protobuf.UnsafeByteOperations;
import dev.weft.artifact.domain.frames.FrameLogState;
import dev.weft.artifact.domain.frames.KeptFrame;
import dev.weft.artifact.grpc.ChunkBytes;
import dev.weft.proto.internal.artifact.v1.FramePlace;
import dev.weft.proto.internal.artifact.v1.SealedFrame;

/** Frames and places as they travel; the bytes are not copied. */
final class FrameProto {

  private FrameProto() {}

  static dev.weft.artifact.domain.frames.FramePlace place(FramePlace place) {
    return new dev.weft.artifact.domain.frames.FramePlace(place.getBody(), place.getNumber());
  }

  static FramePlace place(dev.weft.artifact.domain.frames.FramePlace place) {
    return FramePlace.newBuilder().setBody(place.body()).setNumber(place.number()).build();
  }

  static KeptFrame frame(SealedFrame frame) {
    return new KeptFrame(
        place(frame.getPlace()), ChunkBytes.whole(frame.getFrame()), frame.getAfterLoss());
  }

  static SealedFrame frame(KeptFrame frame) {
    return SealedFrame.newBuilder()
        .setPlace(place(frame.place()))
        .setFrame(UnsafeByteOperations.unsafeWrap(frame.content()))
        .setAfterLoss(frame.afterLoss())
        .build();
  }

  static dev.weft.proto.internal.artifact.v1.FrameLogState.Builder state(FrameLogState state) {
    return dev.weft.proto.internal.artifact.v1.FrameLogState.newBuilder()
        .setSealedThrough(place(state.sealed()))
        .setDroppedThrough(place(state.dropped()))
        .setEndedBody(state.endedBody());
  }
}
