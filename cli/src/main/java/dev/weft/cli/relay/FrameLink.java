package dev.weft.cli.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Frames over a connection: length (4 bytes), kind (1 byte), body. One thread may read while others
 * write.
 */
public final class FrameLink implements AutoCloseable {
  /** Of what is written to a stream, in bytes. */
  public static final int LARGEST_DATA = 32 * 1024;

  /** So much of a stream may be on its way, in bytes. */
  public static final int WINDOW = 256 * 1024;

  /** More than the arguments and the environment of a process can be. */
  private static final int LARGEST = 4 * 1024 * 1024;

  private static final int HEADER = Integer.BYTES + 1;

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(2 * LARGEST_DATA).flip();
  private final Object writing = new Object();

  public FrameLink(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * The next one; null at the end.
   *
   * @throws IOException if the connection broke off, also within a frame
   */
  public @Nullable Frame read() throws IOException {
    byte[] header = new byte[HEADER];
    if (!fill(header)) {
      return null;
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    int length = fields.getInt();
    FrameKind kind = FrameKind.of(fields.get());
    if (kind == null || length < 0 || length > LARGEST) {
      throw new IOException("not a frame: " + length + " bytes of kind " + kind);
    }
    byte[] body = new byte[length];
    if (!fill(body)) {
      throw new IOException("broken off within a frame");
    }
    return new Frame(kind, body);
  }

  private boolean fill(byte[] target) throws IOException {
    int have = 0;
    while (have < target.length) {
      if (!in.hasRemaining()) {
        in.clear();
        int got = channel.read(in);
        in.flip();
        if (got < 0) {
          if (have > 0) {
            throw new IOException("broken off within a frame");
          }
          return false;
        }
      }
      int piece = Math.min(in.remaining(), target.length - have);
      in.get(target, have, piece);
      have += piece;
    }
    return true;
  }

  public void write(FrameKind kind) throws IOException {
    write(kind, new byte[0], 0, 0);
  }

  public void write(FrameKind kind, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(kind, bytes, 0, bytes.length);
  }

  public void write(FrameKind kind, int number) throws IOException {
    write(kind, ByteBuffer.allocate(Integer.BYTES).putInt(number).array(), 0, Integer.BYTES);
  }

  /** Returns when the system has it. */
  public void write(FrameKind kind, byte[] bytes, int offset, int length) throws IOException {
    if (length > LARGEST) {
      throw new IOException(kind + ": " + length + " bytes (expected: <= " + LARGEST + ")");
    }
    ByteBuffer frame = ByteBuffer.allocate(HEADER + length);
    frame.putInt(length).put(kind.number()).put(bytes, offset, length).flip();
    synchronized (writing) {
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nobody hears of it.
    }
  }
}
