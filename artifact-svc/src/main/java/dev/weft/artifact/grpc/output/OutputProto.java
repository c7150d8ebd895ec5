package dev.weft.artifact.grpc.output;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.artifact.app.output.Frame;
import dev.weft.artifact.domain.output.Chunk;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.Gap;
import dev.weft.artifact.domain.output.GapReason;
import dev.weft.artifact.domain.output.Source;
import dev.weft.artifact.grpc.ChunkBytes;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputGap;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.internal.artifact.v1.OutputFrame;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries as they travel; the bytes are not copied. */
public final class OutputProto {

  private static final int MOST_CHUNKS = 4_096;

  /** Numbers beyond it would overflow somewhere; no log gets there. */
  static final long MOST_NUMBER = 1L << 60;

  private OutputProto() {}

  static TailOutputResponse step(Entry entry, int attempt) {
    return switch (entry) {
      case Chunk chunk -> TailOutputResponse.newBuilder().setChunk(chunk(chunk, attempt)).build();
      case Gap gap -> TailOutputResponse.newBuilder().setGap(gap(gap, attempt)).build();
    };
  }

  public static OutputChunk chunk(Chunk chunk, int attempt) {
    return OutputChunk.newBuilder()
        .setNumber(chunk.number())
        .setSource(
            switch (chunk.source()) {
              case STDOUT -> OutputSource.OUTPUT_SOURCE_STDOUT;
              case STDERR -> OutputSource.OUTPUT_SOURCE_STDERR;
            })
        .setData(UnsafeByteOperations.unsafeWrap(chunk.data()))
        .setReadTime(timestamp(chunk.readTime()))
        .setAttempt(attempt)
        .build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  public static OutputGap gap(Gap gap, int attempt) {
    return OutputGap.newBuilder()
        .setAttempt(attempt)
        .setFromNumber(gap.first())
        .setToNumber(gap.last())
        .setReason(gap.reason().name())
        .build();
  }

  /**
   * What a writer sent.
   *
   * @throws MeshException INVALID_FIELD
   */
  static Frame frame(OutputFrame frame, int mostBytes) {
    if (frame.getChunksCount() > MOST_CHUNKS) {
      throw MeshException.invalidField(
          "chunks", frame.getChunksCount(), "at most " + MOST_CHUNKS + " in a frame");
    }
    List<Chunk> chunks = new ArrayList<>(frame.getChunksCount());
    long bytes = 0;
    for (OutputChunk chunk : frame.getChunksList()) {
      bytes += chunk.getData().size();
      chunks.add(chunk(chunk));
    }
    if (bytes > mostBytes) {
      throw MeshException.invalidField("chunks", bytes + " bytes", "at most " + mostBytes);
    }
    return new Frame(chunks, frame.getEnd());
  }

  /**
   * @throws MeshException INVALID_FIELD
   */
  public static Chunk chunk(OutputChunk chunk) {
    int size = chunk.getData().size();
    if (size == 0 || size > Chunk.MOST_BYTES) {
      throw MeshException.invalidField("data", size + " bytes", "1…" + Chunk.MOST_BYTES);
    }
    if (chunk.getNumber() < 1 || chunk.getNumber() > MOST_NUMBER) {
      throw MeshException.invalidField("number", chunk.getNumber(), "1…2^60");
    }
    return new Chunk(
        chunk.getNumber(),
        switch (chunk.getSource()) {
          case OUTPUT_SOURCE_STDOUT -> Source.STDOUT;
          case OUTPUT_SOURCE_STDERR -> Source.STDERR;
          case OUTPUT_SOURCE_UNSPECIFIED, UNRECOGNIZED ->
              throw MeshException.invalidField("source", chunk.getSource(), "stdout or stderr");
        },
        ChunkBytes.whole(chunk.getData()),
        readTime(chunk.getReadTime()));
  }

  /** A worker's clock may say anything; it never makes output unreadable. */
  private static Instant readTime(Timestamp time) {
    try {
      return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.EPOCH;
    }
  }

  public static Gap gap(OutputGap gap) {
    return new Gap(gap.getFromNumber(), gap.getToNumber(), GapReason.valueOf(gap.getReason()));
  }

  /** The entry in an owner's answer, if it has one. */
  static Optional<Entry> entry(TailOutputResponse step) {
    return switch (step.getStepCase()) {
      case CHUNK -> Optional.of(chunk(step.getChunk()));
      case GAP -> Optional.of(gap(step.getGap()));
      case HEARTBEAT, CLOSED, STEP_NOT_SET -> Optional.empty();
    };
  }
}
