package dev.weft.platform.testing.sample.kept.app;

import dev.weft.platform.testing.sample.kept.domain.Parcel;
import dev.weft.platform.time.Ticker;
import java.util.concurrent.CompletionStage;

/** A port, and time as a parameter. */
public interface Parcels {

  CompletionStage<Parcel> oldest(Ticker ticker);
}
