package dev.weft.e2e.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * One way of a connection: every byte in its order, as late as the {@link Lag} says when it comes.
 * Who sends more than fits in between is held, as a full socket would.
 */
final class Conduit {

  private static final int CHUNK = 16_384;
  private static final int MOST_CHUNKS = 64;

  /** What is on its way; the empty one is the end. */
  private record Chunk(long dueNanos, ByteBuffer bytes) {}

  private final BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(MOST_CHUNKS);
  private final SocketChannel from;
  private final SocketChannel to;
  private final Lag lag;
  private final Thread writer;

  Conduit(SocketChannel from, SocketChannel to, Lag lag) {
    this.from = from;
    this.to = to;
    this.lag = lag;
    this.writer = Thread.startVirtualThread(this::write);
  }

  /** Returns when nothing more comes. */
  void read() {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    try {
      while (from.read(buffer) >= 0) {
        send(ByteBuffer.wrap(Arrays.copyOf(buffer.array(), buffer.position())));
        buffer.clear();
      }
    } catch (IOException broken) {
      close(from);
      close(to);
    }
    send(ByteBuffer.allocate(0));
  }

  /** Returns when what came has arrived, or can't any more. */
  void awaitWritten() {
    try {
      writer.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a conduit", e);
    }
  }

  private void send(ByteBuffer bytes) {
    try {
      onTheWay.put(new Chunk(lag.due(), bytes));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a conduit", e);
    }
  }

  private void write() {
    try {
      boolean open = true;
      while (true) {
        Chunk chunk = onTheWay.take();
        if (open) {
          awaitDue(chunk.dueNanos);
          open = arrive(chunk.bytes);
        }
        if (chunk.bytes.capacity() == 0) {
          return;
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a conduit", e);
    }
  }

  private static void awaitDue(long dueNanos) {
    for (long wait = dueNanos - System.nanoTime(); wait > 0; wait = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }

  /** The end too; false when nobody takes it. */
  private boolean arrive(ByteBuffer bytes) {
    try {
      if (bytes.capacity() == 0) {
        to.shutdownOutput();
      }
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
      return true;
    } catch (IOException broken) {
      close(from);
      close(to);
      return false;
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }
}
