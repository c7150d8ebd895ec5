package dev.weft.artifact.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.CatalogContract;
import dev.weft.artifact.app.Garbage.Location;
import dev.weft.artifact.app.StoreMark;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The contract on a real PostgreSQL, and what several callers do at once. */
@WithPostgres
class PgCatalogIT extends CatalogContract {

  private static final int MANY = 300;

  private final ScratchDatabase scratch;
  private ArtifactDatabase database;

  PgCatalogIT(ScratchDatabase scratch) {
    this.scratch = scratch;
  }

  @Override
  protected void open() {
    database = new ArtifactDatabase(scratch);
    blobs = new PgBlobCatalog(database.work(), GRACE);
    artifacts = new PgArtifactCatalog(database.work(), GRACE);
    garbage = new PgGarbage(database.work(), GRACE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected void pass(Duration time) {
    database.pass(time);
  }

  /** Whoever is told that a blob is held finds it, however the sweep runs against it. */
  @RepeatedTest(5)
  void aSweepNeverTakesWhatSomebodyWasToldIsThere() throws Exception {
    List<Digest> digests = stale();
    Set<Digest> promised = new HashSet<>();
    Set<String> swept = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sweeping = threads.submit(() -> sweepAll(swept));
      for (int start = 0; start < MANY; start += 10) {
        promised.addAll(blobs.touch(tenant, digests.subList(start, start + 10)).keySet());
      }
      sweeping.get();
    }

    assertThat(blobs.locate(tenant, digests).keySet()).isEqualTo(promised);
    assertThat(swept).hasSize(MANY - promised.size());
  }

  @RepeatedTest(5)
  void aSweepNeverTakesWhatAnArtifactHoldsOrAnUploadRecorded() throws Exception {
    List<Digest> digests = stale();
    Set<Digest> held = new HashSet<>();
    Set<String> swept = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sweeping = threads.submit(() -> sweepAll(swept));
      Future<?> uploading =
          threads.submit(
              () -> {
                for (int i = 0; i < MANY; i += 2) {
                  blobs.record(tenant, List.of(blob("stale " + i, "again " + i)));
                }
              });
      for (int i = 1; i < MANY; i += 2) {
        Optional<ArtifactRecord> made =
            artifacts.add(fresh(tenant, "", "", "stale " + i, DAY), List.of());
        made.ifPresent(artifact -> held.add(artifact.content().digest()));
      }
      sweeping.get();
      uploading.get();
    }

    Set<Digest> left = blobs.locate(tenant, digests).keySet();
    assertThat(left).containsAll(held);
    for (int i = 0; i < MANY; i += 2) {
      assertThat(left).contains(digest("stale " + i));
      assertThat(swept).doesNotContain(located(digest("stale " + i)));
    }
  }

  private String located(Digest digest) {
    return blobs.locate(tenant, List.of(digest)).get(digest).blob().location();
  }

  @Test
  void oneReplicaSweepsAtATime() {
    recorded("a");
    pass(GRACE.multipliedBy(2));

    List<Location> seen =
        database
            .work()
            .transaction(
                connection ->
                    connection
                        .query("SELECT pg_advisory_xact_lock(2003137140, 1)")
                        .execute()
                        .compose(
                            ignored ->
                                io.vertx.core.Future.fromCompletionStage(
                                    CompletableFuture.supplyAsync(() -> garbage.sweep(10)))));

    assertThat(seen).isEmpty();
    assertThat(garbage.sweep(10)).hasSize(1);
  }

  @Test
  void concurrentHoldersOfManyBlobsDoNotBlockEachOther() throws Exception {
    List<Digest> digests = stale();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> holding = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        List<Digest> mine = new ArrayList<>(digests);
        Collections.shuffle(mine, new Random(i));
        holding.add(threads.submit(() -> blobs.hold(UUID.randomUUID(), tenant, mine)));
        holding.add(threads.submit(() -> blobs.touch(tenant, mine).size() == MANY));
      }
      for (Future<Boolean> one : holding) {
        assertThat(one.get()).isTrue();
      }
    }
  }

  @Test
  void theDatabasesMarkIsTheFirst() {
    PgStoreMark mark = new PgStoreMark(database.work());
    UUID first = mark.claim(UUID.randomUUID());

    assertThat(mark.claim(UUID.randomUUID())).isEqualTo(first);
    assertThat(mark.read()).contains(first);
    StoreMark.InDatabase asPort = mark;
    recorded("a");
    assertThat(asPort.isEmpty()).isFalse();
  }

  private List<Digest> stale() {
    List<StoredBlob> stored = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      stored.add(blob("stale " + i, "at " + i));
    }
    blobs.record(tenant, stored);
    pass(GRACE.multipliedBy(2));
    return stored.stream().map(StoredBlob::digest).collect(Collectors.toList());
  }

  private void sweepAll(Set<String> swept) {
    List<Location> freed;
    do {
      freed = garbage.sweep(7);
      freed.stream()
          .filter(one -> one.tenant().equals(tenant))
          .forEach(one -> swept.add(one.location()));
    } while (!freed.isEmpty());
  }
}
