package dev.weft.cli.relay;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One of this process's output streams, written by a thread of its own, so that a slow reader of
 * one holds up neither the other nor the signals. What waits is at most {@link FrameLink#WINDOW}.
 */
final class RelayedOutput {
  private static final byte[] END = new byte[0];

  private final FrameLink link;
  private final FileOutputStream stream;
  private final FrameKind written;
  private final FrameKind broken;
  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();
  private @Nullable Thread writer;

  RelayedOutput(FrameLink link, FileDescriptor file, FrameKind written, FrameKind broken) {
    this.link = link;
    this.stream = new FileOutputStream(file);
    this.written = written;
    this.broken = broken;
  }

  void write(byte[] bytes) {
    waiting.add(bytes);
    if (writer == null) {
      writer = Thread.ofPlatform().daemon().start(this::writeAll);
    }
  }

  /** Returns when everything is written, or nobody reads. */
  void finish() {
    if (writer == null) {
      return;
    }
    waiting.add(END);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeAll() {
    try {
      for (byte[] bytes = waiting.take(); bytes.length > 0; bytes = waiting.take()) {
        try {
          stream.write(bytes);
        } catch (IOException e) {
          tell(broken, 0);
          return;
        }
        tell(written, bytes.length);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** After the command's end nobody hears it. */
  private void tell(FrameKind kind, int count) {
    try {
      link.write(kind, count);
    } catch (IOException e) {
      // What is left is still written.
    }
  }
}
