package dev.weft.platform.testing.sample.kept.store;

import dev.weft.platform.testing.sample.kept.app.Parcels;
import dev.weft.platform.testing.sample.kept.domain.Parcel;
import dev.weft.platform.time.Ticker;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An adapter may use any technology. */
public final class GrpcParcels implements Parcels {

  @Override
  public CompletionStage<Parcel> oldest(Ticker ticker) {
    return CompletableFuture.failedFuture(Status.NOT_FOUND.asException());
  }
}
