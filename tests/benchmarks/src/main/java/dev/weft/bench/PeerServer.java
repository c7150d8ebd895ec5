package dev.weft.bench;

import dev.weft.parts.Binary;
import dev.weft.parts.BinaryFinder;
import dev.weft.parts.FreePort;
import dev.weft.parts.Lifetime;
import dev.weft.parts.PostgresProcess;
import dev.weft.parts.PostgresSettings;
import dev.weft.parts.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What a peer keeps its jobs in: a server of its own, on loopback, for this run only. */
final class PeerServer implements AutoCloseable {

  private static final long START_SECONDS = 60;

  private final String name;
  private final long pid;
  private final int port;
  private final Map<String, String> environment;
  private final Runnable stop;

  private PeerServer(
      String name, long pid, int port, Map<String, String> environment, Runnable stop) {
    this.name = name;
    this.pid = pid;
    this.port = port;
    this.environment = environment;
    this.stop = stop;
  }

  /**
   * Redis with an append-only file.
   *
   * @param flush always or everysec
   */
  static PeerServer redis(Path folder, String flush) throws IOException, InterruptedException {
    Binary redis = new BinaryFinder(System.getenv()).require(Tool.REDIS);
    int port = FreePort.find();
    Path file = folder.resolve("redis.conf");
    Files.writeString(
        file,
        """
        bind 127.0.0.1
        port %d
        dir "%s"
        appendonly yes
        appendfsync %s
        save ""
        """
            .formatted(port, folder, flush));
    List<String> command = List.of(redis.executable().toString(), file.toString());
    Process process = start(command, redis.environment(), folder);
    await(process, port, folder);
    return new PeerServer("redis", process.pid(), port, Map.of(), () -> end(process));
  }

  /** As the mesh's own: every commit flushed. */
  static PeerServer postgres(Path folder) {
    byte[] secret = new byte[16];
    ThreadLocalRandom.current().nextBytes(secret);
    String password = HexFormat.of().formatHex(secret);
    int port = FreePort.find();
    PostgresProcess process =
        PostgresProcess.start(
            new PostgresSettings(folder, port, password, Lifetime.OWNER),
            new BinaryFinder(System.getenv()));
    return new PeerServer(
        "postgres",
        process.stamp().orElseThrow().pid(),
        port,
        Map.of("PGPASSWORD", password),
        () -> {
          process.stop();
          PostgresProcess.deleteData(folder);
        });
  }

  static PeerServer rabbitmq(Path folder, Path scripts, Path cache)
      throws IOException, InterruptedException {
    int port = FreePort.find();
    List<String> command =
        List.of(
            scripts.resolve("rabbitmq.sh").toString(),
            cache.toString(),
            folder.toString(),
            Integer.toString(port));
    Process process = start(command, Map.of(), folder);
    await(process, port, folder);
    return new PeerServer("rabbitmq", process.pid(), port, Map.of(), () -> end(process));
  }

  String name() {
    return name;
  }

  long pid() {
    return pid;
  }

  int port() {
    return port;
  }

  /** What the client needs to reach it. */
  Map<String, String> environment() {
    return environment;
  }

  @Override
  public void close() {
    stop.run();
  }

  private static Process start(List<String> command, Map<String, String> environment, Path folder)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("server.log").toFile())
        .start();
  }

  private static void await(Process process, int port, Path folder)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(START_SECONDS)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new BenchFailure(Files.readString(folder.resolve("server.log")).strip());
        }
        Thread.sleep(100);
      }
    }
    process.destroy();
    throw new BenchFailure("server: does not listen after " + START_SECONDS + " s");
  }

  private static void end(Process process) {
    process.destroy();
    if (!ended(process, START_SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Whether it ended within the time; an interruption is no reason to leave it running. */
  static boolean ended(Process process, long seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
