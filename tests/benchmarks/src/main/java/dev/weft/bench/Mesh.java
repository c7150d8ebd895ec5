package dev.weft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.local.HomeDirectory;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running local mesh, by its folder.
 *
 * @param root the checkout
 * @param home the mesh's folder
 * @param portBase where its ports begin
 * @param process what has started it, and ends it; null if it is somebody else's
 */
record Mesh(Path root, Path home, int portBase, String token, @Nullable OwnMesh process)
    implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  /** Bounds of one tenant, which is the only one here: a benchmark asks for more than people. */
  private static final Map<String, String> WIDE =
      Map.of("WEFT_AGENTS_PER_TENANT", "5000", "WEFT_SESSION_MOST_SOCKETS_PER_TENANT", "2000");

  private static final int REST = 80;
  private static final int GRPC = 90;
  private static final int LOWEST = 20_000;
  private static final int STEP = 300;
  private static final int LOOKS = 600;
  private static final int PAUSE_MILLIS = 100;

  /** Starts one in a new folder. */
  static Mesh start(Path root, int workers, int replicas) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("weft-bench-");
    int ports = freePorts();
    ProcessBuilder up =
        new Mesh(root, home, ports, "", null)
            .command(
                "up",
                "--port-base",
                Integer.toString(ports),
                "--workers",
                Integer.toString(workers),
                "--replicas",
                Integer.toString(replicas));
    return attach(root, home, OwnMesh.start(home, up, new HomeDirectory(home).ready()));
  }

  /** None runs. */
  static Mesh none(Path root) {
    return new Mesh(root, root, 0, "", null);
  }

  /** One that somebody else has started, and ends. */
  static Mesh attach(Path root, Path home) throws IOException {
    return attach(root, home, null);
  }

  private static Mesh attach(Path root, Path home, @Nullable OwnMesh process) throws IOException {
    JsonNode options = JSON.readTree(home.resolve("mesh.json").toFile());
    String token = Files.readString(home.resolve("token")).strip();
    return new Mesh(root, home, options.path("portBase").asInt(), token, process);
  }

  /** Whether it was started here. */
  boolean own() {
    return process != null;
  }

  URI rest(String path) {
    return URI.create("http://127.0.0.1:" + (portBase + REST) + path);
  }

  String grpc() {
    return "127.0.0.1:" + (portBase + GRPC);
  }

  /** The processes by name. */
  Map<String, Long> processes() {
    Map<String, Long> pids = new LinkedHashMap<>();
    if (portBase == 0) {
      return pids;
    }
    try (Stream<Path> files = Files.list(home.resolve("run"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".json")).sorted().toList()) {
        String name = file.getFileName().toString().replaceFirst("\\.json$", "");
        pids.put(name, JSON.readTree(file.toFile()).path("pid").asLong());
      }
    } catch (IOException e) {
      throw new BenchFailure("run files: " + e);
    }
    return pids;
  }

  /** The names that begin so. */
  List<String> processes(String prefix) {
    return processes().keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** A password that the mesh has made for one of its parts. */
  String secret(String name) throws IOException {
    return JSON.readTree(home.resolve("secrets.json").toFile()).path(name).asText();
  }

  /** Where a process listens. */
  int port(String process, String kind) throws IOException {
    return JSON.readTree(home.resolve("run").resolve(process + ".json").toFile())
        .path("ports")
        .path(kind)
        .asInt();
  }

  /** {@code ./weft} with these arguments, against this mesh. */
  ProcessBuilder command(String... arguments) {
    List<String> argv = new ArrayList<>(List.of(root.resolve("weft").toString(), "--no-build"));
    argv.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().put("WEFT_HOME", home.toString());
    WIDE.forEach(builder.environment()::putIfAbsent);
    builder.environment().put("XDG_CACHE_HOME", home.resolve("client-cache").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("WEFT_RESIDENT", "off");
    return builder;
  }

  /** Runs it; answers how long that took, from exec to exit, in milliseconds. */
  double weft(String... arguments) throws IOException, InterruptedException {
    return took(command(arguments), arguments);
  }

  /**
   * The same with a resident process, which the first of them leaves and which ends with the mesh's
   * folder.
   */
  double weftOfResident(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = command(arguments);
    builder.environment().put("WEFT_RESIDENT", "on");
    builder.environment().put("XDG_RUNTIME_DIR", home.toString());
    return took(builder, arguments);
  }

  private static double took(ProcessBuilder command, String... arguments)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("weft-bench-", ".out");
    try {
      ProcessBuilder builder = command.redirectErrorStream(true).redirectOutput(said.toFile());
      long begun = System.nanoTime();
      int code = builder.start().waitFor();
      double took = (System.nanoTime() - begun) / 1e6;
      if (code != 0) {
        throw new BenchFailure(
            "weft %s: exit code %d%n%s"
                .formatted(String.join(" ", arguments), code, Files.readString(said)));
      }
      return took;
    } finally {
      Files.delete(said);
    }
  }

  /** Waits until there is an artifact of this name. */
  void awaitKept(String name) throws IOException, InterruptedException {
    String query = "/v1/artifacts?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    for (int i = 0; get(query).path("artifacts").isEmpty(); i++) {
      if (i == LOOKS) {
        throw new BenchFailure("artifact " + name + " is not there after a minute");
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Submits a command; answers the task's id. */
  String submit(String... argv) throws IOException {
    ObjectNode request = JSON.createObjectNode();
    ObjectNode spec = request.putObject("spec").put("timeout", "900s");
    List.of(argv).forEach(spec.putObject("shell").putArray("argv")::add);
    byte[] body = JSON.writeValueAsBytes(request);
    String headers = "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n";
    try (Http answer =
        Http.open(rest("/v1/tasks"), "POST", token, headers, out -> out.write(body))) {
      return JSON.readTree(answer.expect(201).readAll()).path("task").path("id").asText();
    }
  }

  JsonNode get(String path) throws IOException {
    try (Http answer = Http.get(rest(path), token)) {
      return JSON.readTree(answer.expect(200).readAll());
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  static void deleteTree(Path root) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(root)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** The first stretch of ports in which nobody listens on a sample of them. */
  private static int freePorts() {
    for (int base = LOWEST; base < LOWEST + 20 * STEP; base += STEP) {
      if (isFree(base + 60) && isFree(base + REST) && isFree(base + GRPC) && isFree(base + 220)) {
        return base;
      }
    }
    throw new BenchFailure("no free ports from " + LOWEST);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
