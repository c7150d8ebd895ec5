package dev.weft.artifact.blob;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.domain.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * A file under a temporary name until it is flushed. A large one is flushed while it still comes,
 * so that its sender does not wait for all of it at the end.
 */
final class DirectoryUpload implements BlobStore.Upload {

  private static final Logger LOG = Logger.getLogger(DirectoryUpload.class);

  /** The JDK copies what is on the heap into memory as large, which it keeps for the thread. */
  private static final int PIECE_BYTES = 64 << 10;

  private final DirectoryBlobStore store;
  private final String tenant;
  private final Path temporary;
  private final FileChannel channel;
  private final EarlyFlush early;

  DirectoryUpload(DirectoryBlobStore store, String tenant, Path temporary) throws IOException {
    this.store = store;
    this.tenant = tenant;
    this.temporary = temporary;
    this.channel = Durable.create(temporary);
    this.early = new EarlyFlush(channel);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    write(List.of(bytes));
  }

  @Override
  public void write(List<ByteBuffer> pieces) throws IOException {
    ByteBuffer[] waiting = pieces.toArray(ByteBuffer[]::new);
    try {
      int next = 0;
      while (next < waiting.length) {
        early.written(write(waiting, next));
        while (next < waiting.length && !waiting[next].hasRemaining()) {
          next++;
        }
      }
    } catch (IOException e) {
      throw Durable.explained(e);
    }
  }

  /**
   * In as few and large pieces as can be: the kernel then takes whole ranges of the file at once.
   */
  private int write(ByteBuffer[] pieces, int next) throws IOException {
    ByteBuffer first = pieces[next];
    if (first.isDirect()) {
      int count = 1;
      while (next + count < pieces.length && pieces[next + count].isDirect()) {
        count++;
      }
      return (int) channel.write(pieces, next, count);
    }
    int most = Math.min(first.remaining(), PIECE_BYTES);
    int written = channel.write(first.slice(first.position(), most));
    first.position(first.position() + written);
    return written;
  }

  @Override
  public String finish(Digest digest) throws IOException {
    try {
      flush();
      String location = store.newLocation(digest);
      Path file = store.file(tenant, location);
      Path directory = store.directoryOf(file);
      Durable.directories(directory);
      Durable.move(temporary, file);
      Durable.flushDirectory(directory);
      return location;
    } catch (IOException e) {
      throw Durable.explained(e);
    }
  }

  /** Makes the content last, still under its temporary name. */
  void flush() throws IOException {
    early.end();
    channel.force(false);
    channel.close();
  }

  Path temporary() {
    return temporary;
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      LOG.warnf("an unfinished upload stays until the next scan: file=%s error=%s", temporary, e);
    }
  }
}
