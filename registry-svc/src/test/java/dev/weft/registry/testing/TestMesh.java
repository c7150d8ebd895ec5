package dev.weft.registry.testing;

import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshLoops;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.testing.ErrorConformance;
import dev.weft.platform.testing.TestAuthority;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate authority and channels of whomever a test wants to be. Closing it checks the error
 * contract.
 */
public final class TestMesh implements AutoCloseable {

  private final TestAuthority authority = new TestAuthority();
  private final ErrorConformance conformance = new ErrorConformance();
  private final MeshLoops loops = new MeshLoops();
  private final List<MeshChannels> channels = new ArrayList<>();

  /** A new identity of this mesh. */
  public MeshIdentity identity(String role, String node) {
    return authority.identity(role, node);
  }

  /** Writes cert.pem, key.pem and ca.pem into the directory. */
  public void writeFiles(Path directory, String role, String node) {
    authority.writeFiles(directory, role, node);
  }

  /** Dials a registry. */
  public synchronized Channel dial(int port, String role, String node) {
    MeshChannels dialling = new MeshChannels(identity(role, node), loops, List.of());
    channels.add(dialling);
    return ClientInterceptors.intercept(
        dialling.open("127.0.0.1:" + port, "registry"), conformance);
  }

  @Override
  public synchronized void close() {
    channels.forEach(MeshChannels::close);
    loops.close();
    conformance.verify();
  }
}
