package dev.weft.platform.testing.sample.broken.grpc;

import dev.weft.platform.testing.sample.broken.store.Rows;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** The other half of the cycle, and a field that is injected. */
public final class Door {

  @Inject @Nullable Rows rows;

  public void open() {}
}
