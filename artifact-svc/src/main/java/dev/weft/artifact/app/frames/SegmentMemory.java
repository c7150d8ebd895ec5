package dev.weft.artifact.app.frames;

import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.BlobReader;
import dev.weft.artifact.domain.BlobChecks;
import dev.weft.artifact.domain.Digest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The segments that were read last, up to 16 MiB: a reader comes for a segment's pages one after
 * the other, and between them come all others. Safe for threads.
 */
final class SegmentMemory {

  private static final long MOST_BYTES = 16 << 20;

  private final BlobDesk blobs;
  private final Map<Place, byte[]> last = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  SegmentMemory(BlobDesk blobs) {
    this.blobs = blobs;
  }

  private record Place(String tenant, Digest digest) {}

  /** Never to be changed. */
  byte[] content(String tenant, Digest digest) {
    Place place = new Place(tenant, digest);
    synchronized (last) {
      byte[] known = last.get(place);
      if (known != null) {
        return known;
      }
    }
    byte[] read = read(tenant, digest);
    keep(place, read);
    return read;
  }

  private void keep(Place place, byte[] content) {
    synchronized (last) {
      if (last.put(place, content) == null) {
        bytes += content.length;
      }
      Iterator<byte[]> oldest = last.values().iterator();
      while (bytes > MOST_BYTES) {
        bytes -= oldest.next().length;
        oldest.remove();
      }
    }
  }

  private byte[] read(String tenant, Digest digest) {
    try (BlobReader reader = blobs.open(tenant, digest)) {
      byte[] content = new byte[Math.toIntExact(reader.size())];
      for (int at = 0; at < content.length; at += BlobChecks.BLOCK) {
        byte[] block = reader.block(at / BlobChecks.BLOCK);
        System.arraycopy(block, 0, content, at, block.length);
      }
      return content;
    }
  }
}
