package dev.weft.artifact.grpc;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands on the bytes of a message as they lie in memory. Of a read-only view of them, hashes and
 * files would make a copy each.
 */
public final class ChunkBytes extends ByteOutput {

  private final Consumer<ByteBuffer> taker;

  private ChunkBytes(Consumer<ByteBuffer> taker) {
    this.taker = taker;
  }

  /** In order; nobody may write to them. */
  static List<ByteBuffer> pieces(ByteString chunk) {
    List<ByteBuffer> pieces = new ArrayList<>();
    pass(chunk, pieces::add);
    return pieces;
  }

  private static void pass(ByteString chunk, Consumer<ByteBuffer> taker) {
    try {
      UnsafeByteOperations.unsafeWriteTo(chunk, new ChunkBytes(taker));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of them in one piece, copied only if they lie in several; nobody may write to it. */
  public static ByteBuffer whole(ByteString chunk) {
    List<ByteBuffer> pieces = pieces(chunk);
    return pieces.size() == 1 ? pieces.getFirst() : ByteBuffer.wrap(chunk.toByteArray());
  }

  @Override
  public void write(byte value) {
    taker.accept(ByteBuffer.wrap(new byte[] {value}));
  }

  @Override
  public void write(byte[] value, int offset, int length) {
    taker.accept(ByteBuffer.wrap(value, offset, length));
  }

  @Override
  public void writeLazy(byte[] value, int offset, int length) {
    write(value, offset, length);
  }

  @Override
  public void write(ByteBuffer value) {
    taker.accept(value);
  }

  @Override
  public void writeLazy(ByteBuffer value) {
    taker.accept(value);
  }
}
