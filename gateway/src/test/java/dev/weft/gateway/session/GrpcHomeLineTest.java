package dev.weft.gateway.session;

import dev.weft.platform.grpc.Peer;
import dev.weft.platform.time.Ticker;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class GrpcHomeLineTest extends HomeLineContract {

  private final String name = InProcessServerBuilder.generateName();
  private @Nullable Server server;

  @Override
  HomeLines lines(SessionHub to, Ticker time, Executor turn) {
    MeshSessionService service =
        new MeshSessionService(
            to,
            time,
            () -> new Peer("gateway", "gateway-1"),
            new MeshSessionService.Roles("worker", "gateway"));
    server = InProcessServerBuilder.forName(name).directExecutor().addService(service).build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HomeChannels(_ -> InProcessChannelBuilder.forName(name).directExecutor().build());
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.shutdownNow();
    }
  }
}
