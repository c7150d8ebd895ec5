package dev.weft.platform.discovery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Addresses from configuration. */
final class FixedDirectory implements ServiceDirectory {

  private final Map<String, Replicas> byRole = new HashMap<>();

  FixedDirectory(Map<String, List<HostPort>> addresses) {
    addresses.forEach(
        (role, list) -> {
          Replicas replicas = new Replicas();
          replicas.update(list);
          byRole.put(role, replicas);
        });
  }

  @Override
  public List<HostPort> addresses(String role) {
    Replicas replicas = byRole.get(role);
    return replicas == null ? List.of() : replicas.addresses();
  }

  @Override
  public Optional<Pick> pick(String role) {
    Replicas replicas = byRole.get(role);
    return replicas == null ? Optional.empty() : replicas.pick();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
