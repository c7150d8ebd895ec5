package dev.weft.scaler.domain.plan;

import java.util.Map;
import java.util.Optional;

/**
 * What the provider runs for a pool.
 *
 * @param handles by worker name; whatever was started and has not ended
 * @param failures why the last start of a name failed
 */
public record Machines(Map<String, String> handles, Map<String, String> failures) {

  public Machines {
    handles = Map.copyOf(handles);
    failures = Map.copyOf(failures);
  }

  Optional<String> handle(String worker) {
    return Optional.ofNullable(handles.get(worker));
  }

  Optional<String> failure(String worker) {
    return Optional.ofNullable(failures.get(worker));
  }
}
