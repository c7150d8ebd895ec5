package dev.weft.platform.grpc;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.RawMethods;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A mesh server on loopback whose one service tells callers who they are, and channels to it. */
final class EchoMesh implements AutoCloseable {

  static final String HOST = "127.0.0.1";

  final TestCa ca = new TestCa();
  final MeshIdentity serverIdentity = ca.identity("router", "router-0");
  private final List<Runnable> opened = new ArrayList<>();
  private final TlsEngine clients;
  final MeshServer server;

  EchoMesh(String... allowedRoles) {
    this(UnaryOperator.identity(), allowedRoles);
  }

  EchoMesh(TlsEngine clients, TlsEngine servers, String... allowedRoles) {
    this(clients, builder -> builder.tls(servers), allowedRoles);
  }

  EchoMesh(UnaryOperator<MeshServer.Builder> settings, String... allowedRoles) {
    this(TlsEngine.best(), settings, allowedRoles);
  }

  private EchoMesh(
      TlsEngine clients, UnaryOperator<MeshServer.Builder> settings, String... allowedRoles) {
    this.clients = clients;
    server =
        settings
            .apply(
                MeshServer.builder(serverIdentity)
                    .service(
                        MeshService.of(
                            RawMethods.unary(
                                (request, observer) -> {
                                  observer.onNext(
                                      Peer.current().role() + "/" + Peer.current().nodeId());
                                  observer.onCompleted();
                                }),
                            allowedRoles)))
            .start(HOST, 0);
    opened.add(server::stopNow);
  }

  int port() {
    return server.port();
  }

  /** A channel with a certificate of this mesh. */
  ManagedChannel channel(String role, String nodeId) {
    return channel(ca.identity(role, nodeId), "router");
  }

  ManagedChannel channel(MeshIdentity identity, String expectedRole) {
    MeshChannels channels = new MeshChannels(identity, null, List.of(), clients);
    opened.addFirst(channels::close);
    return channels.open(HOST + ":" + port(), expectedRole);
  }

  static String call(Channel channel) {
    return call(channel, "hello");
  }

  static String call(Channel channel, String message) {
    return ClientCalls.blockingUnaryCall(
        channel, RawMethods.UNARY, CallOptions.DEFAULT.withDeadlineAfter(10, SECONDS), message);
  }

  /** Makes a call that must fail. */
  static MeshProblem refused(Channel channel) {
    return refused(channel, "hello");
  }

  static MeshProblem refused(Channel channel, String message) {
    try {
      throw new AssertionError("the call was let through: " + call(channel, message));
    } catch (StatusRuntimeException e) {
      return StatusMapper.fromStatus(e);
    }
  }

  @Override
  public void close() {
    opened.forEach(Runnable::run);
  }
}
