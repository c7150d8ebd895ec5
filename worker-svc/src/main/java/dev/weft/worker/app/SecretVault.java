package dev.weft.worker.app;

import dev.weft.worker.app.ArtifactStore.Errand;
import java.util.Map;
import java.util.Set;

/** Where the values of secrets come from. */
@FunctionalInterface
public interface SecretVault {

  /**
   * Reveals what the attempt's task names, by its lease. Blocks; gives up with SECRETS_UNAVAILABLE.
   *
   * @return name to value, each of the names there
   */
  Map<String, byte[]> reveal(Errand errand, Set<String> names)
      throws CarryException, HaltedException, InterruptedException;
}
