package dev.weft.artifact.store.output;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.weft.artifact.domain.output.Chunk;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.Gap;
import dev.weft.artifact.grpc.output.OutputProto;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * A segment's bytes: each entry as a length-delimited weft.artifacts.v1.ReadOutputResponse without
 * a cursor, so that the bytes of a whole log, segment after segment, are the same format.
 */
final class SegmentCodec {

  /** No encoded entry is larger, its length included. */
  static final int MOST_ENTRY = Chunk.MOST_BYTES + 256;

  private static final int MOST_LENGTH_BYTES = 5;

  private SegmentCodec() {}

  static byte[] encode(List<Entry> entries, int attempt) {
    List<ReadOutputResponse> messages = entries.stream().map(e -> message(e, attempt)).toList();
    int size = 0;
    for (ReadOutputResponse message : messages) {
      int length = message.getSerializedSize();
      size += CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    }
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (ReadOutputResponse message : messages) {
        out.writeUInt32NoTag(message.getSerializedSize());
        message.writeTo(out);
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  /**
   * Reads the entry at a place.
   *
   * @return empty if it does not end before the limit
   */
  static Optional<Decoded> decode(byte[] bytes, int from, int limit) {
    try {
      CodedInputStream head = CodedInputStream.newInstance(bytes, from, limit - from);
      if (limit - from < MOST_LENGTH_BYTES && !endsHere(bytes, from, limit)) {
        return Optional.empty();
      }
      int length = head.readUInt32();
      int start = from + head.getTotalBytesRead();
      if (length < 0 || length > MOST_ENTRY) {
        throw new IllegalStateException("segment: an entry of " + length + " bytes");
      }
      if (start + length > limit) {
        return Optional.empty();
      }
      ReadOutputResponse message =
          ReadOutputResponse.parseFrom(CodedInputStream.newInstance(bytes, start, length));
      return Optional.of(new Decoded(entry(message), start + length));
    } catch (IOException e) {
      throw new IllegalStateException("segment: unreadable", e);
    }
  }

  /** An entry, and where the next one begins. */
  record Decoded(Entry entry, int next) {}

  private static boolean endsHere(byte[] bytes, int from, int limit) {
    for (int i = from; i < limit; i++) {
      if (bytes[i] >= 0) {
        return true;
      }
    }
    return false;
  }

  private static ReadOutputResponse message(Entry entry, int attempt) {
    return switch (entry) {
      case Chunk chunk ->
          ReadOutputResponse.newBuilder().setChunk(OutputProto.chunk(chunk, attempt)).build();
      case Gap gap -> ReadOutputResponse.newBuilder().setGap(OutputProto.gap(gap, attempt)).build();
    };
  }

  private static Entry entry(ReadOutputResponse message) {
    return switch (message.getStepCase()) {
      case CHUNK -> OutputProto.chunk(message.getChunk());
      case GAP -> OutputProto.gap(message.getGap());
      case HEARTBEAT, STEP_NOT_SET ->
          throw new IllegalStateException("segment: " + message.getStepCase());
    };
  }
}
