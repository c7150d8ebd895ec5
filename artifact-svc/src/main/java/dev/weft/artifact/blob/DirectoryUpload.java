package dev.weft.artifact.blob;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.domain.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** A file under a temporary name until it is flushed. */
final class DirectoryUpload implements BlobStore.Upload {

  private static final Logger LOG = Logger.getLogger(DirectoryUpload.class);

  private final DirectoryBlobStore store;
  private final String tenant;
  private final Path temporary;
  private final FileChannel channel;

  DirectoryUpload(DirectoryBlobStore store, String tenant, Path temporary) throws IOException {
    this.store = store;
    this.tenant = tenant;
    this.temporary = temporary;
    this.channel = Durable.create(temporary);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw Durable.explained(e);
    }
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
