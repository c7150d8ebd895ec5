package dev.weft.cli.resident;

import dev.weft.cli.relay.FrameKind;
import dev.weft.cli.relay.FrameLink;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A command's stdout or stderr, on its way to whoever typed it. Waits while as much is on its way
 * as the other side may hold; fails when nobody reads any more.
 */
final class CreditedOutput extends OutputStream {
  private final FrameLink link;
  private final FrameKind kind;
  private int credit = FrameLink.WINDOW;
  private boolean over;

  CreditedOutput(FrameLink link, FrameKind kind) {
    this.link = link;
    this.kind = kind;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int piece = take(Math.min(length - done, FrameLink.LARGEST_DATA));
      link.write(kind, bytes, offset + done, piece);
      done += piece;
    }
  }

  private synchronized int take(int most) throws IOException {
    try {
      while (credit == 0 && !over) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while its reader was slow", e);
    }
    if (over) {
      throw new IOException("nobody reads it any more");
    }
    int taken = Math.min(most, credit);
    credit -= taken;
    return taken;
  }

  /** So many bytes have arrived where they belong. */
  synchronized void written(int count) {
    credit = Math.clamp((long) credit + count, 0, FrameLink.WINDOW);
    notifyAll();
  }

  /** Nobody reads it any more. */
  synchronized void over() {
    over = true;
    notifyAll();
  }
}
