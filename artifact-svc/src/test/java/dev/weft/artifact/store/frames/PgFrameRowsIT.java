package dev.weft.artifact.store.frames;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.frames.FrameLogRow;
import dev.weft.artifact.app.frames.FrameRows;
import dev.weft.artifact.app.frames.FrameRowsContract;
import dev.weft.artifact.domain.BlobSeal;
import dev.weft.artifact.domain.BlobSeal.Sealed;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import dev.weft.artifact.store.ArtifactDatabase;
import dev.weft.artifact.store.PgBlobCatalog;
import dev.weft.artifact.store.PgGarbage;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on a real PostgreSQL, and what a log holds in the blob store. */
@WithPostgres
class PgFrameRowsIT extends FrameRowsContract {

  private static final Duration GRACE = Duration.ofHours(1);

  private final ArtifactDatabase database;
  private final PgFrameRows rows;
  private final PgGarbage garbage;

  PgFrameRowsIT(ScratchDatabase scratch) {
    database = new ArtifactDatabase(scratch);
    rows = new PgFrameRows(database.work());
    garbage = new PgGarbage(database.work(), GRACE);
  }

  @BeforeEach
  void empty() {
    database.work().run("TRUNCATE frame_log CASCADE", Tuple.tuple());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected FrameRows rows() {
    return rows;
  }

  @Override
  protected void pass(Duration time) {
    database
        .work()
        .run(
            "UPDATE frame_log SET written_at = written_at - $1::bigint * interval '1 ms',"
                + " closed_at = closed_at - $1::bigint * interval '1 ms'",
            Tuple.of(time.toMillis()));
    database.pass(time);
  }

  @Override
  protected Digest stored(String content) {
    Sealed sealed = BlobSeal.of(content.getBytes(StandardCharsets.UTF_8));
    new PgBlobCatalog(database.work(), GRACE)
        .record(
            TENANT,
            List.of(
                new StoredBlob(
                    sealed.digest(),
                    sealed.size(),
                    UUID.randomUUID().toString(),
                    sealed.checks())));
    return sealed.digest();
  }

  @Test
  void itsSegmentsStayAsLongAsItDoes() {
    open(1);
    seal(1, 1, 1, 10, 100);
    FrameLogRow row = seal(1, 1, 11, 20, 100);
    pass(GRACE.multipliedBy(3));
    assertThat(garbage.sweep(10)).isEmpty();

    rows.trim(row, 100);
    pass(GRACE.multipliedBy(3));
    assertThat(garbage.sweep(10)).hasSize(1);

    rows.sweep(Duration.ZERO, Duration.ZERO, 10);
    pass(GRACE.multipliedBy(3));
    assertThat(garbage.sweep(10)).hasSize(1);
  }

  @Test
  void anErasedTenantHasNoFrames() {
    open(1);
    seal(1, 1, 1, 10, 100);

    assertThat(garbage.erase(TENANT, 10)).isNotEmpty();
    assertThat(rows.find(key)).isEmpty();
  }
}
