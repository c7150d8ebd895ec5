package dev.weft.worker.grpc;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.Halt;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.join.Endpoints;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Two artifact replicas behind real gRPC in this process, and a worker's links to them. */
final class Replicas implements AutoCloseable {

  static final AttemptKey KEY = new AttemptKey("tsk_a", 2, 7);
  static final long MIB = 1L << 20;

  final Path directory;
  final FakeStore firstStore;
  final FakeStore secondStore;
  final FakeLogs.Sealed sealed;
  final FakeLogs firstLogs;
  final FakeLogs secondLogs;
  final Halt halt = new Halt();
  final Errand errand = new Errand(KEY, halt, "");
  final AtomicInteger asked = new AtomicInteger();
  final List<String> addresses = new CopyOnWriteArrayList<>();
  final ArtifactLinks links;
  private final List<Server> servers = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  Replicas() throws IOException {
    this(new ArtifactLinks.OutputRoom(64 * MIB, MIB, 100 * MIB, Duration.ofMinutes(1)));
  }

  Replicas(ArtifactLinks.OutputRoom room) throws IOException {
    directory = Files.createTempDirectory("weft-replicas");
    firstStore = new FakeStore(directory);
    secondStore = new FakeStore(directory);
    sealed = new FakeLogs.Sealed(directory);
    firstLogs = new FakeLogs(sealed);
    secondLogs = new FakeLogs(sealed);
    addresses.add(serve(firstStore, firstLogs));
    addresses.add(serve(secondStore, secondLogs));
    links =
        new ArtifactLinks(
            new MeshStreams.Dialling(
                () ->
                    new Endpoints(
                        List.of(), List.of(), List.of(), addresses, false, Optional.empty()),
                (address, role) -> dial(address),
                timer,
                firstTurn(),
                asked::incrementAndGet),
            Ticker.system(),
            room);
  }

  /** So that the first replica is the first that is dialled. */
  private static RandomGenerator firstTurn() {
    return () -> 0L;
  }

  private String serve(BindableService... services) throws IOException {
    String name = InProcessServerBuilder.generateName();
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name);
    for (BindableService service : services) {
      builder.addService(service);
    }
    servers.add(builder.build().start());
    return name;
  }

  private static ManagedChannel dial(String address) {
    return InProcessChannelBuilder.forName(address).build();
  }

  void kill(int replica) {
    servers.get(replica).shutdownNow();
  }

  @Override
  public void close() throws IOException {
    links.close();
    servers.forEach(Server::shutdownNow);
    timer.shutdownNow();
    try (var files = Files.walk(directory)) {
      for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
