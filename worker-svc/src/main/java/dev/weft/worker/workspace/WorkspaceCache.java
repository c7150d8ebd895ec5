package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.linux.FileHandle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Blobs that this worker has had, by tenant and digest, the least recently used of them going first
 * once they are too many. A blob appears whole or not at all; one that an earlier process left is
 * hashed before its first use. A tenant never meets another's: not even the time that a start takes
 * tells it what the other has.
 */
public final class WorkspaceCache {

  private static final Logger LOG = Logger.getLogger(WorkspaceCache.class);
  private static final int TENANT_DIGITS = 32;

  /** One blob that is not needed now may take so much of it, and drive out as much. */
  private static final int LARGEST_PART = 16;

  /** All that one pack adds and nobody needs now may take so much of it. */
  private static final int PACK_PART = 4;

  private record Key(String tenant, Digest digest) {}

  private static final class Entry {
    private final long size;
    private boolean verified;
    private int pins;

    Entry(long size, boolean verified) {
      this.size = size;
      this.verified = verified;
    }
  }

  private final Path directory;
  private final CacheBounds bounds;
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final AtomicLong temporary = new AtomicLong();
  private long bytes;

  /** What is kept while nobody needs it. */
  public record CacheBounds(long bytes, int blobs) {}

  private WorkspaceCache(Path directory, CacheBounds bounds) {
    this.directory = directory;
    this.bounds = bounds;
  }

  /** Takes over what an earlier process left, but for what it had not finished. */
  public static WorkspaceCache open(Path directory, CacheBounds bounds) throws IOException {
    WorkspaceCache cache = new WorkspaceCache(directory, bounds);
    Files.createDirectories(cache.incoming());
    CacheDirectory.sweep(cache.incoming());
    for (CacheDirectory.Found found : CacheDirectory.oldestFirst(directory)) {
      cache.entries.put(new Key(found.tenant(), found.digest()), new Entry(found.size(), false));
      cache.bytes += found.size();
    }
    synchronized (cache) {
      cache.evict();
    }
    return cache;
  }

  /** What one attempt uses; its blobs stay until it is closed. */
  CacheHold hold(String tenant) {
    byte[] hash = Hashing.sha256().digest(tenant.getBytes(StandardCharsets.UTF_8));
    return new CacheHold(this, HexFormat.of().formatHex(hash).substring(0, TENANT_DIGITS));
  }

  /** Whether a blob of this size may be kept though nobody needs it now. */
  boolean suits(long size) {
    return size <= bounds.bytes() / LARGEST_PART;
  }

  /** Whether one pack may add so much in all though nobody needs it now. */
  boolean suitsPack(int blobs, long added) {
    return blobs <= bounds.blobs() / PACK_PART && added <= bounds.bytes() / PACK_PART;
  }

  /** Whether it is there, and then it stays; a damaged one is not. */
  boolean pin(String tenant, Digest digest) throws IOException {
    Key key = new Key(tenant, digest);
    Entry entry;
    synchronized (this) {
      entry = entries.get(key);
      if (entry == null) {
        return false;
      }
      entry.pins++;
      if (entry.verified) {
        return true;
      }
    }
    if (intact(key)) {
      synchronized (this) {
        entry.verified = true;
      }
      return true;
    }
    LOG.warnf("cached blob is damaged and goes: digest=%s", digest);
    discard(key, entry);
    return false;
  }

  private boolean intact(Key key) throws IOException {
    Path file = path(key);
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (FileHandle handle = FileHandle.open(file)) {
      return Hashing.rest(handle).equals(key.digest());
    }
  }

  private synchronized void discard(Key key, Entry entry) throws IOException {
    if (entries.remove(key, entry)) {
      bytes -= entry.size;
      Files.deleteIfExists(path(key));
    }
  }

  synchronized void unpin(String tenant, Iterable<Digest> digests) {
    for (Digest digest : digests) {
      @Nullable Entry entry = entries.get(new Key(tenant, digest));
      if (entry != null) {
        entry.pins--;
      }
    }
    evict();
  }

  /** Where the next blob is written until it is whole. */
  Path nextTemporary() {
    return incoming().resolve(Long.toString(temporary.incrementAndGet()));
  }

  /** A verified blob takes its place, and stays. */
  void admit(String tenant, Digest digest, Path whole) throws IOException {
    Key key = new Key(tenant, digest);
    long size = Files.size(whole);
    Path target = path(key);
    Path folder = target.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    synchronized (this) {
      Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
      Entry entry = entries.get(key);
      if (entry == null) {
        entry = new Entry(size, true);
        entries.put(key, entry);
        bytes += size;
      }
      entry.verified = true;
      entry.pins++;
    }
  }

  FileHandle read(String tenant, Digest digest) throws IOException {
    return FileHandle.open(path(new Key(tenant, digest)));
  }

  /** What it holds, for metrics and tests. */
  public synchronized long bytes() {
    return bytes;
  }

  private void evict() {
    Iterator<Map.Entry<Key, Entry>> oldest = entries.entrySet().iterator();
    while ((bytes > bounds.bytes() || entries.size() > bounds.blobs()) && oldest.hasNext()) {
      Map.Entry<Key, Entry> each = oldest.next();
      if (each.getValue().pins == 0) {
        oldest.remove();
        bytes -= each.getValue().size;
        try {
          Files.deleteIfExists(path(each.getKey()));
        } catch (IOException e) {
          LOG.warnf(e, "cached blob can't be removed: digest=%s", each.getKey().digest());
        }
      }
    }
  }

  private Path incoming() {
    return directory.resolve(CacheDirectory.INCOMING);
  }

  private Path path(Key key) {
    String hex = key.digest().hex();
    return directory.resolve(key.tenant()).resolve(hex.substring(0, 2)).resolve(hex);
  }
}
