package dev.weft.gateway.testing;

import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.HolderLink;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.TestCa;
import io.grpc.BindableService;
import java.time.Duration;
import java.util.List;

/** A placer and a registry behind real mesh ports, and how a gateway calls them. */
public final class LoopbackMesh implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  public final FakePlacer placer = new FakePlacer();
  public final FakeRegistry fleet = new FakeRegistry();
  public final Holder cell;
  public final Holder registry;
  private final TestCa ca = new TestCa();
  private final MeshChannels channels = new MeshChannels(ca.identity("gateway", "gateway-1"));
  private final MeshServer placerPort = serve("router", placer);
  private final MeshServer registryPort = serve("registry", fleet);

  public LoopbackMesh() {
    cell = link("router", placerPort);
    registry = link("registry", registryPort);
  }

  private MeshServer serve(String role, BindableService service) {
    return MeshServer.builder(ca.identity(role, role + "-1"))
        .service(MeshService.of(service, "gateway"))
        .start(HOST, 0);
  }

  private Holder link(String role, MeshServer server) {
    List<HostPort> addresses = List.of(new HostPort(HOST, server.port()));
    return new HolderLink(new HolderClient(role, () -> addresses, channels));
  }

  @Override
  public void close() {
    channels.close();
    placerPort.stop(Duration.ZERO);
    registryPort.stop(Duration.ZERO);
  }
}
