package dev.weft.artifact.app;

import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import dev.weft.platform.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** All of the catalog in memory, under the contract of the real one; one caller at a time. */
public final class MemoryCatalog implements BlobCatalog, ArtifactCatalog, Garbage {

  private record Key(String tenant, Digest digest) {}

  private static final class Row {
    StoredBlob blob;
    boolean damaged;
    Instant touched;
    Instant unheldSince;
    final Set<UUID> holders = new HashSet<>();
  }

  private final SettableClock clock;
  private final Duration grace;
  private final Map<Key, Row> blobs = new HashMap<>();
  private final Map<UUID, ArtifactRecord> artifacts = new HashMap<>();
  private long seq;

  public MemoryCatalog(SettableClock clock, Duration grace) {
    this.clock = clock;
    this.grace = grace;
  }

  @Override
  public synchronized List<String> record(String tenant, List<StoredBlob> stored) {
    List<String> unused = new ArrayList<>();
    for (StoredBlob blob : stored) {
      Row row = blobs.get(new Key(tenant, blob.digest()));
      if (row == null) {
        row = new Row();
        row.blob = blob;
        row.unheldSince = clock.instant();
        blobs.put(new Key(tenant, blob.digest()), row);
      } else if (row.damaged) {
        row.blob = blob;
        row.damaged = false;
      } else {
        unused.add(blob.location());
      }
      row.touched = clock.instant();
    }
    return unused;
  }

  @Override
  public synchronized Map<Digest, Long> touch(String tenant, Collection<Digest> digests) {
    Map<Digest, Long> held = new HashMap<>();
    for (Digest digest : digests) {
      Row row = blobs.get(new Key(tenant, digest));
      if (row != null && !row.damaged) {
        row.touched = clock.instant();
        held.put(digest, row.blob.size());
      }
    }
    return held;
  }

  @Override
  public synchronized Map<Digest, Located> locate(String tenant, Collection<Digest> digests) {
    Map<Digest, Located> found = new HashMap<>();
    for (Digest digest : digests) {
      Row row = blobs.get(new Key(tenant, digest));
      if (row != null) {
        found.put(digest, new Located(row.blob, row.damaged));
      }
    }
    return found;
  }

  @Override
  public synchronized void damaged(String tenant, StoredBlob blob) {
    Row row = blobs.get(new Key(tenant, blob.digest()));
    if (row != null && row.blob.location().equals(blob.location())) {
      row.damaged = true;
    }
  }

  @Override
  public synchronized boolean hold(UUID holder, String tenant, Collection<Digest> digests) {
    if (touch(tenant, digests).size() < new HashSet<>(digests).size()) {
      return false;
    }
    for (Digest digest : digests) {
      Row row = blobs.get(new Key(tenant, digest));
      row.holders.add(holder);
      row.unheldSince = null;
    }
    return true;
  }

  @Override
  public synchronized void release(UUID holder) {
    for (Row row : blobs.values()) {
      if (row.holders.remove(holder) && row.holders.isEmpty()) {
        row.unheldSince = clock.instant();
      }
    }
  }

  @Override
  public synchronized Optional<ArtifactRecord> add(
      NewArtifact artifact, Collection<Digest> others) {
    Set<Digest> needed = new HashSet<>(others);
    needed.add(artifact.content().digest());
    if (!hold(artifact.id(), artifact.tenant(), needed)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    ArtifactRecord made =
        new ArtifactRecord(
            artifact.id(),
            ++seq,
            artifact.tenant(),
            artifact.content(),
            now,
            now.plus(artifact.lifetime()));
    artifacts.put(made.id(), made);
    return Optional.of(made);
  }

  @Override
  public synchronized Optional<ArtifactRecord> find(String tenant, UUID id) {
    return Optional.ofNullable(artifacts.get(id)).filter(one -> isVisible(one, tenant));
  }

  @Override
  public synchronized Optional<ArtifactRecord> newest(String tenant, String name) {
    return artifacts.values().stream()
        .filter(one -> isVisible(one, tenant) && one.content().name().equals(name))
        .max(Comparator.comparingLong(ArtifactRecord::seq));
  }

  @Override
  public synchronized List<ArtifactRecord> page(PageQuery query) {
    return artifacts.values().stream()
        .filter(one -> isVisible(one, query.tenant()))
        .filter(one -> query.name().isEmpty() || one.content().name().equals(query.name()))
        .filter(one -> query.taskId().isEmpty() || one.content().taskId().equals(query.taskId()))
        .filter(one -> one.seq() < query.before().orElse(Long.MAX_VALUE))
        .sorted(Comparator.comparingLong(ArtifactRecord::seq).reversed())
        .limit(query.size())
        .toList();
  }

  @Override
  public synchronized boolean remove(String tenant, UUID id) {
    ArtifactRecord found = artifacts.get(id);
    if (found == null || !found.tenant().equals(tenant)) {
      return false;
    }
    artifacts.remove(id);
    release(id);
    return true;
  }

  @Override
  public synchronized int expire(int limit) {
    List<ArtifactRecord> over =
        artifacts.values().stream()
            .filter(one -> !one.expires().isAfter(clock.instant()))
            .limit(limit)
            .toList();
    over.forEach(one -> remove(one.tenant(), one.id()));
    return over.size();
  }

  @Override
  public synchronized List<Location> sweep(int limit) {
    Instant before = clock.instant().minus(grace);
    List<Location> freed = new ArrayList<>();
    Iterator<Map.Entry<Key, Row>> all = blobs.entrySet().iterator();
    while (all.hasNext() && freed.size() < limit) {
      Map.Entry<Key, Row> entry = all.next();
      Row row = entry.getValue();
      if (row.unheldSince != null
          && row.unheldSince.isBefore(before)
          && row.touched.isBefore(before)) {
        freed.add(new Location(entry.getKey().tenant(), row.blob.location()));
        all.remove();
      }
    }
    return freed;
  }

  @Override
  public synchronized List<String> unknown(String tenant, Collection<String> locations) {
    Set<String> known = new HashSet<>();
    blobs.forEach(
        (key, row) -> {
          if (key.tenant().equals(tenant)) {
            known.add(row.blob.location());
          }
        });
    return locations.stream().filter(one -> !known.contains(one)).toList();
  }

  @Override
  public synchronized List<Location> erase(String tenant, int limit) {
    artifacts.values().removeIf(one -> one.tenant().equals(tenant));
    List<Location> freed = new ArrayList<>();
    blobs
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = entry.getKey().tenant().equals(tenant) && freed.size() < limit;
              if (gone) {
                freed.add(new Location(tenant, entry.getValue().blob.location()));
              }
              return gone;
            });
    return freed;
  }

  private boolean isVisible(ArtifactRecord one, String tenant) {
    return one.tenant().equals(tenant) && one.expires().isAfter(clock.instant());
  }
}
