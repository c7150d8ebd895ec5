package dev.weft.artifact.app;

import dev.weft.artifact.domain.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Where bytes lie, by tenant and location. It knows neither who may see them nor for how long;
 * nothing is visible to anybody until the catalog has a row for its location. Every upload gets a
 * location that was never used before.
 */
public interface BlobStore {

  /** No bound on what fits. */
  long ENDLESS = Long.MAX_VALUE;

  /** Begins to store bytes of any length. Memory stays bounded. */
  Upload begin(String tenant) throws IOException;

  /**
   * Stores small contents whole; they are durable when it returns.
   *
   * @return their locations, in order
   */
  List<String> storeSmall(String tenant, List<SmallBlob> blobs) throws IOException;

  /**
   * Opens stored bytes.
   *
   * @throws java.nio.file.NoSuchFileException if they are gone
   */
  Source open(String tenant, String location) throws IOException;

  /** Deletes; what is gone already is no failure. */
  void delete(String tenant, Collection<String> locations) throws IOException;

  /** Shows every location that is older than the age, in batches. */
  void scan(Duration age, LocationSink sink) throws IOException;

  /** Drops what uploads have left that never ended and were last written to before the age. */
  void dropUnfinished(Duration age) throws IOException;

  /** How many bytes still fit. */
  long freeBytes() throws IOException;

  /** Bytes on their way in. Not for several threads. */
  interface Upload extends AutoCloseable {

    /** Takes what remains in the buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /** Takes what remains in the buffers, one after the other. */
    default void write(List<ByteBuffer> pieces) throws IOException {
      for (ByteBuffer piece : pieces) {
        write(piece);
      }
    }

    /** Makes the bytes durable. To be called once. */
    String finish(Digest digest) throws IOException;

    /** Leaves nothing behind, unless it was finished. */
    @Override
    void close();
  }

  /** Stored bytes. Not for several threads. */
  interface Source extends AutoCloseable {

    /**
     * Fills the target from a position on; fewer bytes only where the blob ends.
     *
     * @return how many bytes were read
     */
    int read(long position, byte[] target) throws IOException;

    @Override
    void close();
  }

  /** Content that is in memory. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; a copy would cost as much again.
  record SmallBlob(Digest digest, byte[] content) {}

  /** Is shown locations of one tenant. */
  @FunctionalInterface
  interface LocationSink {
    void accept(String tenant, List<String> locations) throws IOException;
  }
}
