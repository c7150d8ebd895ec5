package dev.weft.artifact;

import dev.weft.artifact.app.AccessDesk;
import dev.weft.artifact.app.ArtifactDesk;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.StoreMark;
import dev.weft.artifact.app.StoreMeter;
import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.grpc.StoreGrpcService;
import dev.weft.artifact.mesh.MeshPart;
import dev.weft.artifact.store.PgStoreMark;
import dev.weft.artifact.store.PgWork;
import dev.weft.platform.grpc.BorrowedBytes;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.grpc.Peer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

/** StoreService in this process's mesh port. */
@Singleton
class StorePart implements MeshPart {

  private final MarkedStore store;
  private final PgWork database;
  private final Housekeeping housekeeping;
  private final MeshService service;

  StorePart(
      MarkedStore store,
      PgWork database,
      Housekeeping housekeeping,
      Desks desks,
      MeterRegistry meters) {
    this.store = store;
    this.database = database;
    this.housekeeping = housekeeping;
    this.service =
        MeshService.of(
            BorrowedBytes.requests(
                new StoreGrpcService(
                    desks.accesses(),
                    desks.artifacts(),
                    desks.blobs(),
                    desks.transfers(),
                    desks.meter(),
                    Peer::current),
                "StoreArtifact"),
            "gateway",
            "worker");
    ArtifactMetrics.show(meters, desks.transfers(), store.blobs());
  }

  /** What the service is made of. */
  @Singleton
  record Desks(
      AccessDesk accesses,
      ArtifactDesk artifacts,
      BlobDesk blobs,
      Transfers transfers,
      StoreMeter meter) {}

  @Override
  public MeshService service() {
    return service;
  }

  @Override
  public void start() {
    try {
      new StoreMark(store.mark(), new PgStoreMark(database)).check(UUID.randomUUID());
    } catch (IOException e) {
      throw new UncheckedIOException("the blob store's mark", e);
    }
    housekeeping.start();
  }

  @Override
  public void close() {
    housekeeping.close();
  }
}
