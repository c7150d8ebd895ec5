package dev.weft.artifact.store.output;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.app.BlobCatalog.Located;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.BlobReader;
import dev.weft.artifact.app.output.SegmentBytes;
import dev.weft.artifact.app.output.StoredSegment;
import dev.weft.artifact.domain.BlobChecks;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Segment;
import dev.weft.platform.error.MeshException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Segments as blobs of their tenant. */
public final class BlobSegments implements SegmentBytes {

  private static final int PAGE = 64 << 10;
  private static final int MOST_LOCATED = 1_024;

  /** A reader comes for a block's pages one after the other, and others for the same ones. */
  private static final int MOST_BLOCKS = 16;

  private final BlobDesk blobs;
  private final Waiting writing;
  private final Waiting reading;
  private final Map<Place, Located> located =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Located> eldest) {
          return size() > MOST_LOCATED;
        }
      };

  private final Map<Block, byte[]> blocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Block, byte[]> eldest) {
          return size() > MOST_BLOCKS;
        }
      };

  public BlobSegments(BlobDesk blobs, Waiting writing, Waiting reading) {
    this.blobs = blobs;
    this.writing = writing;
    this.reading = reading;
  }

  private record Place(String tenant, Digest digest) {}

  private record Block(Place place, int index) {}

  @Override
  public CompletionStage<StoredSegment> put(LogKey log, Segment segment) {
    return writing.run(
        () -> {
          byte[] content = SegmentCodec.encode(segment.entries(), log.attempt());
          Digest digest = blobs.storeSmall(log.tenant(), content);
          return new StoredSegment(
              segment.first(), segment.last(), digest, 0, content.length, segment.bytes());
        });
  }

  @Override
  public CompletionStage<Page> read(String tenant, StoredSegment segment, long from) {
    return reading.run(() -> page(tenant, segment, from));
  }

  private Page page(String tenant, StoredSegment segment, long from) {
    if (from >= segment.size()) {
      return new Page(List.of(), segment.size());
    }
    long start = segment.offset() + from;
    int first = (int) (start / BlobChecks.BLOCK);
    long base = (long) first * BlobChecks.BLOCK;
    long end = segment.offset() + segment.size();
    try (Blocks blob = new Blocks(new Place(tenant, segment.digest()))) {
      byte[] bytes = blob.get(first);
      int limit = (int) Math.min(bytes.length, end - base);
      int at = (int) (start - base);
      Page page = decoded(bytes, at, limit, base - segment.offset());
      if (page.entries().isEmpty() && end > base + bytes.length) {
        byte[] across = across(bytes, at, blob.get(first + 1));
        page = decoded(across, 0, (int) Math.min(across.length, end - start), from);
      }
      return page;
    } catch (MeshException e) {
      if (e.reason() == ArtifactReason.BLOB_NOT_FOUND
          || e.reason() == ArtifactReason.BLOB_CORRUPT) {
        throw new Missing(
            "segment " + segment.first() + "…" + segment.last() + ": " + e.getMessage());
      }
      throw e;
    }
  }

  /** What is left of a block, and as much of the next as the entry there may need. */
  private static byte[] across(byte[] block, int from, byte[] next) {
    int left = block.length - from;
    int more = Math.min(next.length, SegmentCodec.MOST_ENTRY);
    byte[] both = new byte[left + more];
    System.arraycopy(block, from, both, 0, left);
    System.arraycopy(next, 0, both, left, more);
    return both;
  }

  private static Page decoded(byte[] bytes, int from, int limit, long shift) {
    List<Entry> entries = new ArrayList<>();
    int at = from;
    int cost = 0;
    while (at < limit && cost < PAGE) {
      Optional<SegmentCodec.Decoded> next = SegmentCodec.decode(bytes, at, limit);
      if (next.isEmpty()) {
        break;
      }
      entries.add(next.get().entry());
      cost += next.get().entry().cost();
      at = next.get().next();
    }
    return new Page(entries, at + shift);
  }

  /** One blob's blocks, never to be changed; it is opened when one of them is not at hand. */
  private final class Blocks implements AutoCloseable {
    private final Place place;
    private @Nullable BlobReader reader;

    Blocks(Place place) {
      this.place = place;
    }

    byte[] get(int index) {
      Block block = new Block(place, index);
      synchronized (blocks) {
        byte[] known = blocks.get(block);
        if (known != null) {
          return known;
        }
      }
      BlobReader open = reader;
      if (open == null) {
        open = open(place.tenant(), place.digest());
        reader = open;
      }
      if ((long) index * BlobChecks.BLOCK >= open.size()) {
        throw new Missing("blob " + place.digest() + ": ends before block " + index);
      }
      byte[] read = open.block(index);
      synchronized (blocks) {
        blocks.put(block, read);
      }
      return read;
    }

    @Override
    public void close() {
      if (reader != null) {
        reader.close();
      }
    }
  }

  /** Where a blob is does not change often; one that has moved is found again. */
  private BlobReader open(String tenant, Digest digest) {
    Place place = new Place(tenant, digest);
    Located known;
    synchronized (located) {
      known = located.get(place);
    }
    if (known == null) {
      known = blobs.locate(tenant, List.of(digest)).get(digest);
      if (known == null) {
        throw BlobDesk.notFound(digest);
      }
      synchronized (located) {
        located.put(place, known);
      }
    }
    try {
      return blobs.open(tenant, known);
    } catch (MeshException e) {
      synchronized (located) {
        located.remove(place);
      }
      throw e;
    }
  }
}
