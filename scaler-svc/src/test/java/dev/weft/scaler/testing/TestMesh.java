package dev.weft.scaler.testing;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshLoops;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.testing.ErrorConformance;
import dev.weft.platform.testing.TestAuthority;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A certificate authority, servers and channels of whomever a test wants to be. Closing it checks
 * the error contract.
 */
public final class TestMesh implements AutoCloseable {

  private final TestAuthority authority = new TestAuthority();
  private final ErrorConformance conformance = new ErrorConformance();
  private final MeshLoops loops = new MeshLoops();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** Writes cert.pem, key.pem and ca.pem into the directory. */
  public void writeFiles(Path directory, String role, String node) {
    authority.writeFiles(directory, role, node);
  }

  /** Serves as a role on a free port. */
  public synchronized MeshServer serve(String role, MeshService... services) {
    MeshServer server =
        MeshServer.builder(authority.identity(role, role + "-test"))
            .services(Arrays.asList(services))
            .start("127.0.0.1", 0);
    open.add(server::stopNow);
    return server;
  }

  /** Dials a server as a node of a role. */
  public synchronized Channel dial(int port, String callee, String role) {
    MeshChannels channels = channels(role);
    return ClientInterceptors.intercept(channels.open("127.0.0.1:" + port, callee), conformance);
  }

  /** A client of the one holder of a role. */
  public synchronized HolderClient holder(int port, String callee, String role) {
    HolderClient client =
        new HolderClient(
            callee, () -> List.of(HostPort.parse("127.0.0.1:" + port)), channels(role));
    open.add(client);
    return client;
  }

  private MeshChannels channels(String role) {
    MeshChannels channels =
        new MeshChannels(authority.identity(role, role + "-1"), loops, List.of());
    open.add(channels);
    return channels;
  }

  @Override
  public synchronized void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    loops.close();
    conformance.verify();
  }
}
