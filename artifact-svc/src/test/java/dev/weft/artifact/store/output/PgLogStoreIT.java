package dev.weft.artifact.store.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.output.LogRow;
import dev.weft.artifact.app.output.LogStore;
import dev.weft.artifact.app.output.LogStoreContract;
import dev.weft.artifact.app.output.LogUpkeep;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.store.ArtifactDatabase;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
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

  private final ArtifactDatabase database;
  private final PgLogStore store;
  private final PgLogUpkeep upkeep;

  PgLogStoreIT(ScratchDatabase scratch) {
    database = new ArtifactDatabase(scratch);
    store = new PgLogStore(database.pool());
    upkeep = new PgLogUpkeep(database.pool());
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
