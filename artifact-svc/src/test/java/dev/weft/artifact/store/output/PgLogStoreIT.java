package dev.weft.artifact.store.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.Garbage.Location;
import dev.weft.artifact.app.output.LogRow;
import dev.weft.artifact.app.output.LogStore;
import dev.weft.artifact.app.output.LogStoreContract;
import dev.weft.artifact.app.output.LogUpkeep;
import dev.weft.artifact.domain.BlobSeal;
import dev.weft.artifact.domain.BlobSeal.Sealed;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.store.ArtifactDatabase;
import dev.weft.artifact.store.PgBlobCatalog;
import dev.weft.artifact.store.PgGarbage;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on a real PostgreSQL, and what the log holds in the blob store. */
@WithPostgres
class PgLogStoreIT extends LogStoreContract {

  private static final Duration GRACE = Duration.ofHours(1);
  private static final UUID HOLDER = new UUID(1, 2);

  private final ArtifactDatabase database;
  private final PgLogStore store;
  private final PgLogUpkeep upkeep;
  private final PgGarbage garbage;

  PgLogStoreIT(ScratchDatabase scratch) {
    database = new ArtifactDatabase(scratch);
    store = new PgLogStore(database.pool());
    upkeep = new PgLogUpkeep(database.pool());
    garbage = new PgGarbage(database.work(), GRACE);
  }

  @BeforeEach
  void empty() {
    database.work().run("TRUNCATE output_log CASCADE", Tuple.tuple());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected LogStore store() {
    return store;
  }

  @Override
  protected LogUpkeep upkeep() {
    return upkeep;
  }

  @Override
  protected void age(UUID log, Duration duration) {
    database
        .work()
        .run(
            "UPDATE output_log SET signed_at = signed_at - $2::bigint * interval '1 ms',"
                + " closed_at = closed_at - $2::bigint * interval '1 ms' WHERE id = $1",
            Tuple.of(log, duration.toMillis()));
  }

  @Test
  void aLogHoldsItsSegmentsThenTheWholeThenNothing() {
    LogRow log = takeAny();
    seal(log, 1, 10);
    seal(log, 11, 12);
    assertThat(held(log))
        .containsExactlyInAnyOrder(segment(1, 10).digest(), segment(11, 12).digest());
    close(log, 12);
    Digest whole = digest("whole");

    get(upkeep.archived(log.id(), whole));
    assertThat(held(log)).containsExactly(whole);

    age(log.id(), Duration.ofDays(8));
    assertThat(get(upkeep.sweep(Duration.ofDays(7), 10))).isEqualTo(1);
    assertThat(held(log)).isEmpty();
  }

  @Test
  void aLogOfOneSegmentHoldsItStillWhenItIsTheWhole() {
    LogRow log = takeAny();
    seal(log, 1, 10);
    close(log, 10);

    get(upkeep.archived(log.id(), segment(1, 10).digest()));

    assertThat(held(log)).containsExactly(segment(1, 10).digest());
  }

  @Test
  void aSealThatChangesNothingHoldsNothing() {
    LogRow old = takeAny();
    takeAny();

    seal(old, 1, 10);

    assertThat(held(old)).isEmpty();
  }

  @Test
  void whatALogLetsGoOfIsSweptAfterTheGrace() {
    LogRow log = takeAny();
    List.of("1…10", "11…12", "whole").forEach(this::record);
    seal(log, 1, 10);
    seal(log, 11, 12);
    close(log, 12);
    hold(digest("whole"));
    assertThat(sweptAfterTheGrace()).isEmpty();

    get(upkeep.archived(log.id(), digest("whole")));
    assertThat(garbage.sweep(10)).isEmpty();
    assertThat(sweptAfterTheGrace()).containsExactlyInAnyOrder("at 1…10", "at 11…12");

    letGo(digest("whole"));
    assertThat(sweptAfterTheGrace()).isEmpty();
    age(log.id(), Duration.ofDays(8));
    get(upkeep.sweep(Duration.ofDays(7), 10));
    assertThat(garbage.sweep(10)).isEmpty();
    assertThat(sweptAfterTheGrace()).containsExactly("at whole");
  }

  @Test
  void anErasedTenantHasNoLogsAndNobodyElseLosesOne() {
    LogRow log = takeAny();
    record("1…10");
    seal(log, 1, 10);
    close(log, 10);
    LogRow other =
        get(
            store.take(
                UUID.randomUUID(),
                new LogKey("other", "tsk_" + UUID.randomUUID(), 1),
                WRITER,
                log.owner()));

    assertThat(garbage.erase("acme", 10)).hasSize(1);

    assertThat(get(store.find(log.key()))).isEmpty();
    assertThat(get(store.segments(log.id(), 0, 10))).isEmpty();
    assertThat(held(log)).isEmpty();
    assertThat(get(store.find(other.key()))).contains(other);
  }

  private void record(String content) {
    Sealed sealed = BlobSeal.of(content.getBytes(StandardCharsets.UTF_8));
    new PgBlobCatalog(database.work(), GRACE)
        .record(
            "acme",
            List.of(
                new StoredBlob(sealed.digest(), sealed.size(), "at " + content, sealed.checks())));
  }

  /** As an artifact of the whole does, for as long as it lives. */
  private void hold(Digest digest) {
    database
        .work()
        .run(
            "INSERT INTO blob_hold (holder, tenant, digest) VALUES ($1, 'acme', $2)",
            Tuple.of(HOLDER, Buffer.buffer(digest.bytes())));
  }

  private void letGo(Digest digest) {
    database
        .work()
        .run(
            "DELETE FROM blob_hold WHERE holder = $1 AND digest = $2",
            Tuple.of(HOLDER, Buffer.buffer(digest.bytes())));
    database
        .work()
        .run(
            "UPDATE blob SET marked_at = now() WHERE digest = $1",
            Tuple.of(Buffer.buffer(digest.bytes())));
  }

  private List<String> sweptAfterTheGrace() {
    database.pass(GRACE.multipliedBy(2));
    return garbage.sweep(10).stream().map(Location::location).toList();
  }

  private List<Digest> held(LogRow log) {
    List<Digest> held = new ArrayList<>();
    database
        .work()
        .run("SELECT digest FROM blob_hold WHERE holder = $1", Tuple.of(log.id()))
        .forEach(row -> held.add(Digest.of(bytes(row.getBuffer(0)))));
    return held;
  }

  private static byte[] bytes(Buffer buffer) {
    return buffer.getBytes();
  }
}
