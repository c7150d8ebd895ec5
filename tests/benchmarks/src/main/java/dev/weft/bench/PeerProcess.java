package dev.weft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.parts.BinaryFinder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A peer that runs: its server, and its client script, which is asked by lines. */
final class PeerProcess implements AutoCloseable {

  private static final long END_SECONDS = 30;

  private final PeerServer server;
  private final Process script;
  private final Path log;
  private final BufferedReader answers;
  private final Writer questions;
  private final JsonNode hello;

  private PeerProcess(PeerServer server, Process script, Path log) throws IOException {
    this.server = server;
    this.script = script;
    this.log = log;
    this.answers = script.inputReader(StandardCharsets.UTF_8);
    this.questions = new OutputStreamWriter(script.getOutputStream(), StandardCharsets.UTF_8);
    this.hello = next();
  }

  /**
   * Installs it if need be and starts it.
   *
   * @throws BenchFailure if it can't be had here; says why
   */
  static PeerProcess start(Peer peer, Mesh mesh, Path folder) throws Exception {
    Path scripts = mesh.root().resolve("tests/benchmarks/peers");
    Path cache = new BinaryFinder(System.getenv()).cache().root().resolve("benchmark-peers");
    install(scripts, cache, peer.kind().name().toLowerCase(Locale.ROOT));
    PeerServer server = server(peer, scripts, cache, folder);
    try {
      Path log = folder.resolve("client.log");
      return new PeerProcess(server, script(peer, server, cache, folder, log), log);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static PeerServer server(Peer peer, Path scripts, Path cache, Path folder)
      throws IOException, InterruptedException {
    return switch (peer) {
      case BULLMQ_ALWAYS -> PeerServer.redis(folder, "always");
      case BULLMQ_EVERYSEC, BULLMQ_DOCUMENTED, CELERY_REDIS, CELERY_DOCUMENTED ->
          PeerServer.redis(folder, "everysec");
      case GRAPHILE, GRAPHILE_DOCUMENTED -> PeerServer.postgres(folder);
      case CELERY_RABBITMQ -> {
        install(scripts, cache, "rabbitmq");
        yield PeerServer.rabbitmq(folder, scripts, cache);
      }
    };
  }

  private static Process script(Peer peer, PeerServer server, Path cache, Path folder, Path log)
      throws IOException {
    String port = Integer.toString(server.port());
    ProcessBuilder builder =
        switch (peer.kind()) {
          case NODE ->
              new ProcessBuilder(
                  "node",
                  peer.isBullmq() ? "bullmq.js" : "graphile.js",
                  "client",
                  port,
                  peer.settings());
          case PYTHON ->
              new ProcessBuilder(cache.resolve("python/bin/python").toString(), "celery_peer.py");
        };
    builder.directory(cache.resolve(peer.kind().name().toLowerCase(Locale.ROOT)).toFile());
    builder.environment().putAll(server.environment());
    if (peer.kind() == Peer.Kind.PYTHON) {
      String broker =
          peer == Peer.CELERY_RABBITMQ
              ? "amqp://guest:guest@127.0.0.1:" + port + "//"
              : "redis://127.0.0.1:" + port + "/0";
      builder.environment().put("BENCH_BROKER", broker);
      builder.environment().put("BENCH_COUNTER", folder.resolve("ends").toString());
      builder.environment().put("BENCH_SETTINGS", peer.settings());
    }
    return builder.redirectError(log.toFile()).start();
  }

  private static void install(Path scripts, Path cache, String kind)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("weft-bench-", ".out");
    try {
      List<String> command =
          List.of(scripts.resolve("install.sh").toString(), cache.toString(), kind);
      int code =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start()
              .waitFor();
      if (code != 0) {
        throw new BenchFailure(kind + " could not be installed: " + Files.readString(said).strip());
      }
    } finally {
      Files.delete(said);
    }
  }

  String version() {
    return hello.path("version").asText();
  }

  /** Its processes by name, with its server; what they have started counts with them. */
  CpuTimes cpu() {
    Map<String, Long> pids = new LinkedHashMap<>();
    pids.put(server.name(), server.pid());
    // The client has started the workers, so its own tree holds all of them.
    pids.put("client and workers", script.pid());
    return CpuTimes.ofTrees(pids);
  }

  JsonNode ask(String question) throws IOException {
    questions.write(question + "\n");
    questions.flush();
    return next();
  }

  private JsonNode next() throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith("{")) {
        return Mesh.JSON.readTree(line);
      }
    }
    throw new BenchFailure("the peer's client has ended: " + Files.readString(log).strip());
  }

  @Override
  public void close() throws IOException {
    questions.close();
    if (!PeerServer.ended(script, END_SECONDS)) {
      script.descendants().forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly();
    }
    server.close();
  }
}
