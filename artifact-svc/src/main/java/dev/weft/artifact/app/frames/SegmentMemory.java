package dev.weft.artifact.app.frames;

import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.BlobReader;
import dev.weft.artifact.domain.BlobChecks;
import dev.weft.artifact.domain.Digest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The segments that were read last: a reader comes for a segment's pages one after the other. Safe
 * for threads.
 */
final class SegmentMemory {

  private static final int MOST = 8;

  private final BlobDesk blobs;
  private final Map<Place, byte[]> last =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, byte[]> eldest) {
          return size() > MOST;
        }
      };

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
    synchronized (last) {
      last.put(place, read);
    }
    return read;
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
