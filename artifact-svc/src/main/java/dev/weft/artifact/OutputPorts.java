package dev.weft.artifact;

import dev.weft.artifact.app.ArtifactCatalog;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.LeaseAuthority;
import dev.weft.artifact.app.output.LogArchive;
import dev.weft.artifact.app.output.LogStore;
import dev.weft.artifact.app.output.LogUpkeep;
import dev.weft.artifact.app.output.SegmentBytes;
import dev.weft.artifact.app.output.WriterAuthority;
import dev.weft.artifact.store.output.BlobLogArchive;
import dev.weft.artifact.store.output.BlobSegments;
import dev.weft.artifact.store.output.LeaseWriters;
import dev.weft.artifact.store.output.PgLogStore;
import dev.weft.artifact.store.output.PgLogUpkeep;
import dev.weft.artifact.store.output.Waiting;
import dev.weft.platform.id.IdGenerator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;

/** What output logs are kept in. Sealing, reading and copying do not wait for each other. */
@Singleton
class OutputPorts implements AutoCloseable {

  private static final int SEALING = 16;
  private static final int READING = 8;
  private static final int ASKING = 16;
  private static final int COPYING = 1;

  private final IdGenerator ids;
  private final Waiting sealing = new Waiting("seal", SEALING);
  private final Waiting reading = new Waiting("read", READING);
  private final Waiting asking = new Waiting("lease", ASKING);
  private final Waiting copying = new Waiting("archive", COPYING);
  private final LogStore rows;
  private final LogUpkeep upkeep;
  private final SegmentBytes bytes;
  private final LogArchive archive;
  private final WriterAuthority writers;

  OutputPorts(
      ArtifactConfig config,
      Pool pool,
      BlobDesk blobs,
      ArtifactCatalog artifacts,
      LeaseAuthority leases,
      IdGenerator ids) {
    this.ids = ids;
    this.rows = new PgLogStore(pool);
    this.upkeep = new PgLogUpkeep(pool);
    this.bytes = new BlobSegments(blobs, sealing, reading);
    this.archive =
        new BlobLogArchive(blobs, artifacts, rows, upkeep, config.output().retention(), copying);
    this.writers = new LeaseWriters(leases, asking);
  }

  IdGenerator ids() {
    return ids;
  }

  LogStore rows() {
    return rows;
  }

  LogUpkeep upkeep() {
    return upkeep;
  }

  SegmentBytes bytes() {
    return bytes;
  }

  LogArchive archive() {
    return archive;
  }

  WriterAuthority writers() {
    return writers;
  }

  @Override
  public void close() {
    sealing.close();
    reading.close();
    asking.close();
    copying.close();
  }
}
