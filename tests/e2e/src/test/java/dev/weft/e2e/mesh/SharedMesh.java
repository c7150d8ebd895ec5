package dev.weft.e2e.mesh;

import java.util.Map;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives every test the same mesh (two replicas of each service, three workers), started once a run.
 * A test may kill what it likes: before the next one whatever died is started again.
 */
public final class SharedMesh implements ParameterResolver, BeforeEachCallback {

  private static final Namespace NAMESPACE = Namespace.create(SharedMesh.class);
  private static final int PORT_BASE = 17_000;

  @Override
  public void beforeEach(ExtensionContext context) {
    LocalMesh mesh = mesh(context);
    // A dead worker is the scaler's to start again, which may be under way.
    if (!mesh.processes().stream().allMatch(MeshProcess::alive) || !mesh.poolsAreFull()) {
      mesh.up(Map.of());
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LocalMesh.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return mesh(context);
  }

  private static LocalMesh mesh(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(
            LocalMesh.class,
            key -> LocalMesh.start("shared", PORT_BASE, 2, Map.of()),
            LocalMesh.class);
  }
}
