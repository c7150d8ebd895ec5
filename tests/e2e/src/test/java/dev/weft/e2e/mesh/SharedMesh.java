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

  /** The mesh, and the collector that its processes send their traces to. */
  private record Watched(LocalMesh mesh, OtlpReceiver collector) implements AutoCloseable {

    static Watched start() {
      OtlpReceiver collector = new OtlpReceiver();
      Map<String, String> environment =
          Map.of(
              "OTEL_EXPORTER_OTLP_ENDPOINT",
              collector.endpoint(),
              "QUARKUS_OTEL_BSP_SCHEDULE_DELAY",
              "200ms");
      if (!LocalMesh.keepsClasses()) {
        LocalMesh.start("first", PORT_BASE, 1, environment).close();
      }
      return new Watched(LocalMesh.start("shared", PORT_BASE, 2, environment), collector);
    }

    @Override
    public void close() {
      mesh.close();
      collector.close();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    LocalMesh mesh = watched(context).mesh();
    // A dead worker is the scaler's to start again, which may be under way.
    if (!mesh.processes().stream().allMatch(MeshProcess::alive) || !mesh.poolsAreFull()) {
      mesh.up();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == LocalMesh.class || type == OtlpReceiver.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Watched watched = watched(context);
    return parameter.getParameter().getType() == LocalMesh.class
        ? watched.mesh()
        : watched.collector();
  }

  private static Watched watched(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Watched.class, key -> Watched.start(), Watched.class);
  }
}
