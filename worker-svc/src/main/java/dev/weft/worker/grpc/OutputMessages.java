package dev.weft.worker.grpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.OutputFrame;
import dev.weft.proto.internal.artifact.v1.OutputOpen;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.OutputBuffer.Stream;
import java.time.Instant;
import java.util.List;

/** The messages that go up an output stream. */
final class OutputMessages {

  private static final int PROTOCOL_VERSION = 1;

  private OutputMessages() {}

  static AppendOutputRequest open(AttemptKey key, long firstKept) {
    return AppendOutputRequest.newBuilder()
        .setOpen(
            OutputOpen.newBuilder()
                .setProtocolVersion(PROTOCOL_VERSION)
                .setLease(WorkProtoMapper.key(key))
                .setFirstKept(firstKept))
        .build();
  }

  static AppendOutputRequest frame(
      int attempt, List<dev.weft.worker.domain.output.OutputChunk> chunks) {
    OutputFrame.Builder frame = OutputFrame.newBuilder();
    chunks.forEach(chunk -> frame.addChunks(chunk(attempt, chunk)));
    return AppendOutputRequest.newBuilder().setFrame(frame).build();
  }

  static AppendOutputRequest end() {
    return AppendOutputRequest.newBuilder().setFrame(OutputFrame.newBuilder().setEnd(true)).build();
  }

  /** Without a copy: a chunk that was taken is never changed again. */
  private static OutputChunk chunk(int attempt, dev.weft.worker.domain.output.OutputChunk chunk) {
    Instant readAt = chunk.readAt();
    return OutputChunk.newBuilder()
        .setNumber(chunk.number())
        .setSource(source(chunk.source()))
        .setData(UnsafeByteOperations.unsafeWrap(chunk.bytes(), 0, chunk.length()))
        .setReadTime(
            Timestamp.newBuilder().setSeconds(readAt.getEpochSecond()).setNanos(readAt.getNano()))
        .setAttempt(attempt)
        .build();
  }

  private static OutputSource source(Stream stream) {
    return switch (stream) {
      case STDOUT -> OutputSource.OUTPUT_SOURCE_STDOUT;
      case STDERR -> OutputSource.OUTPUT_SOURCE_STDERR;
    };
  }
}
