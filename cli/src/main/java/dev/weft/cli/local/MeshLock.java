package dev.weft.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps two commands from starting or ending the mesh of one folder at the same time. */
final class MeshLock implements AutoCloseable {
  /** A file lock is between processes only. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final FileChannel channel;

  private MeshLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for the other command. */
  static MeshLock take(HomeDirectory home) {
    IN_THIS_PROCESS.lock();
    try {
      home.create();
      Path file = home.run().resolve(".lock");
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.lock();
      if (!lock.isValid()) {
        throw new IOException("lock " + file + " is not valid");
      }
      return new MeshLock(channel);
    } catch (IOException e) {
      IN_THIS_PROCESS.unlock();
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }
}
