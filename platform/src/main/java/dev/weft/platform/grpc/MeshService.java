package dev.weft.platform.grpc;

import io.grpc.BindableService;
import java.util.Set;

/**
 * A service of the mesh port and who may call it. Not itself a BindableService, so that Quarkus
 * does not serve it on its own port.
 *
 * @param allowedRoles roles of client certificates; everybody else is denied
 */
public record MeshService(BindableService service, Set<String> allowedRoles) {

  public MeshService {
    allowedRoles = Set.copyOf(allowedRoles);
    if (allowedRoles.isEmpty()) {
      throw new IllegalArgumentException("allowed roles: none (expected: at least one)");
    }
  }

  public static MeshService of(BindableService service, String... allowedRoles) {
    return new MeshService(service, Set.of(allowedRoles));
  }
}
