package dev.weft.cli.resident;

import dev.weft.cli.relay.FrameKind;
import dev.weft.cli.relay.FrameLink;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A command's stdin: asks the other side for as much as is read here, and for no more. It ends only
 * where the other side's ends: whatever else stops it is an error, since half of an input is not
 * the input.
 */
final class PulledInput extends InputStream {
  private final FrameLink link;
  private byte @Nullable [] arrived;
  private @Nullable IOException failure;
  private boolean ended;

  PulledInput(FrameLink link) {
    this.link = link;
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (ended) {
      return -1;
    }
    if (failure != null) {
      throw failed();
    }
    int asked = Math.min(length, FrameLink.LARGEST_DATA);
    link.write(FrameKind.WANT, asked);
    byte[] piece = next();
    if (piece.length > asked) {
      throw new IOException("stdin: " + piece.length + " bytes (expected: <= " + asked + ")");
    }
    if (piece.length == 0) {
      ended = true;
      return -1;
    }
    System.arraycopy(piece, 0, bytes, offset, piece.length);
    return piece.length;
  }

  private synchronized byte[] next() throws IOException {
    try {
      while (arrived == null && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while stdin was read", e);
    }
    byte[] piece = arrived;
    if (piece == null) {
      throw failed();
    }
    arrived = null;
    return piece;
  }

  private IOException failed() {
    return new IOException(failure == null ? "" : failure.getMessage(), failure);
  }

  /** What was asked for; nothing at the end. */
  synchronized void arrived(byte[] bytes) {
    arrived = bytes;
    notifyAll();
  }

  /** Nothing more comes, for this reason; the first counts. */
  synchronized void broken(IOException why) {
    if (failure == null) {
      failure = why;
    }
    notifyAll();
  }
}
