package dev.weft.artifact.app;

import dev.weft.artifact.domain.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Blobs in memory, under the contract of the real stores; a test may damage them. */
public final class MemoryBlobStore implements BlobStore, StoreMark.InStore {

  /** Bytes and since when. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Kept(byte[] content, Instant since) {}

  private record Key(String tenant, String location) {}

  private final InstantSource clock;
  private final ConcurrentMap<Key, Kept> kept = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();
  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile long free = ENDLESS;
  private volatile Optional<UUID> mark = Optional.empty();

  public MemoryBlobStore(InstantSource clock) {
    this.clock = clock;
  }

  /** How many uploads are neither finished nor closed. */
  public int unfinished() {
    return unfinished.get();
  }

  /** How many locations there are. */
  public int count() {
    return kept.size();
  }

  public void free(long bytes) {
    free = bytes;
  }

  /** Turns a bit of every blob around. */
  public void rot() {
    kept.values().forEach(one -> one.content()[0] ^= 1);
  }

  /** Loses every blob. */
  public void lose() {
    kept.clear();
  }

  /** Every blob ends early. */
  public void truncate() {
    kept.replaceAll(
        (key, one) ->
            new Kept(Arrays.copyOf(one.content(), one.content().length - 1), one.since()));
  }

  @Override
  public Upload begin(String tenant) {
    unfinished.incrementAndGet();
    return new Upload() {
      private final ByteArrayOutputStream content = new ByteArrayOutputStream();
      private boolean open = true;

      @Override
      public void write(ByteBuffer bytes) throws IOException {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        if (free < ENDLESS && content.size() + copy.length > free) {
          throw new StoreFullException("free: " + free);
        }
        content.write(copy);
      }

      @Override
      public String finish(Digest digest) {
        close();
        return keep(tenant, digest, content.toByteArray());
      }

      @Override
      public void close() {
        if (open) {
          open = false;
          unfinished.decrementAndGet();
        }
      }
    };
  }

  private String keep(String tenant, Digest digest, byte[] content) {
    String location = digest.hex() + "-" + next.incrementAndGet();
    kept.put(new Key(tenant, location), new Kept(content, clock.instant()));
    return location;
  }

  @Override
  public List<String> storeSmall(String tenant, List<SmallBlob> blobs) {
    return blobs.stream().map(blob -> keep(tenant, blob.digest(), blob.content().clone())).toList();
  }

  @Override
  public Source open(String tenant, String location) throws IOException {
    Kept found = kept.get(new Key(tenant, location));
    if (found == null) {
      throw new NoSuchFileException(location);
    }
    return new Source() {
      @Override
      public int read(long position, byte[] target) {
        int length = (int) Math.clamp(found.content().length - position, 0, (long) target.length);
        System.arraycopy(found.content(), (int) position, target, 0, length);
        return length;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(String tenant, Collection<String> locations) {
    locations.forEach(location -> kept.remove(new Key(tenant, location)));
  }

  @Override
  public void scan(Duration age, LocationSink sink) throws IOException {
    Instant before = clock.instant().minus(age);
    Map<String, List<String>> byTenant = new TreeMap<>();
    new HashMap<>(kept)
        .forEach(
            (key, one) -> {
              if (!one.since().isAfter(before)) {
                byTenant.computeIfAbsent(key.tenant(), t -> new ArrayList<>()).add(key.location());
              }
            });
    for (var entry : byTenant.entrySet()) {
      sink.accept(entry.getKey(), entry.getValue());
    }
  }

  @Override
  public void dropUnfinished(Duration age) {}

  @Override
  public long freeBytes() {
    return free;
  }

  @Override
  public Optional<UUID> read() {
    return mark;
  }

  @Override
  public synchronized void write(UUID id) {
    mark = Optional.of(mark.orElse(id));
  }

  @Override
  public boolean isEmpty() {
    return kept.isEmpty();
  }
}
