package dev.weft.platform.grpc;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.testing.RawMethods;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A replica on loopback that answers if it holds, else says who does; silent at first. */
final class HolderReplica {

  final AtomicInteger calls = new AtomicInteger();
  final MeshServer server;
  final HostPort address;
  volatile BiConsumer<String, StreamObserver<String>> behaviour = (request, observer) -> {};

  /**
   * @param port 0 for any free one
   */
  HolderReplica(MeshIdentity identity, int port) {
    server =
        MeshServer.builder(identity)
            .service(
                MeshService.of(
                    RawMethods.unary(
                        (request, observer) -> {
                          calls.incrementAndGet();
                          behaviour.accept(request, observer);
                        }),
                    "gateway"))
            .start("127.0.0.1", port);
    address = new HostPort("127.0.0.1", server.port());
  }

  HolderReplica holds() {
    behaviour =
        (request, observer) -> {
          observer.onNext(server.port() + ":" + request);
          observer.onCompleted();
        };
    return this;
  }

  HolderReplica pointsTo(String hint, long epoch) {
    behaviour =
        (request, observer) ->
            observer.onError(
                new MeshException(CommonReason.NOT_HOLDER, "not the holder")
                    .with("address", hint)
                    .with("epoch", epoch));
    return this;
  }

  HolderReplica isAway() {
    behaviour =
        (request, observer) ->
            observer.onError(new MeshException(CommonReason.UNAVAILABLE, "stopping"));
    return this;
  }

  HolderReplica isFrozen() {
    behaviour = (request, observer) -> {};
    return this;
  }
}
