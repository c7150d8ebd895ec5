package dev.weft.e2e.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A mesh of real processes, started and stopped by the command that users have. Its data lie under
 * {@code target/mesh-<name>}, so that a failed run can be read.
 */
public final class LocalMesh implements AutoCloseable {

  /**
   * Noops that a worker holds at once; more of them and the kill of one worker would cost a test's
   * whole load.
   */
  public static final int NOOPS = 64;

  /** Commands that a worker runs at once. */
  public static final int COMMANDS = 4;

  private static final Duration START = Duration.ofMinutes(4);
  private static final Map<String, String> WORKERS =
      Map.of("browser-useast-03", "browser", "gpu-tokyo-01", "gpu", "sandbox-onprem-01", "sandbox");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final Path data;
  private final int portBase;
  private final int replicas;
  private final Map<String, String> environment;

  private LocalMesh(
      Path root, Path data, int portBase, int replicas, Map<String, String> environment) {
    this.root = root;
    this.data = data;
    this.portBase = portBase;
    this.replicas = replicas;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Starts {@code replicas} of each service and three unlike workers, and waits until they are
   * ready.
   */
  public static LocalMesh start(
      String name, int portBase, int replicas, Map<String, String> environment) {
    Path root = checkout();
    Path data = root.resolve("tests/e2e/target/mesh-" + name);
    deleteTree(data);
    WORKERS.forEach((worker, pool) -> writeProfile(root, data, worker, pool));
    LocalMesh mesh = new LocalMesh(root, data, portBase, replicas, environment);
    mesh.up();
    return mesh;
  }

  /**
   * Whether a mesh of this build ended before and left its services' classes: each start, of which
   * a run of these tests has many, then takes half the processor time.
   */
  static boolean keepsClasses() {
    Path built = checkout().resolve("gateway/target/quarkus-app");
    try (Stream<Path> files = Files.list(built)) {
      return files.anyMatch(file -> file.toString().endsWith(".jsa"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the template has it, edited as a user may. */
  private static void writeProfile(Path root, Path data, String worker, String pool) {
    Path template =
        root.resolve("cli/src/main/resources/dev/weft/cli/local/profiles/" + pool + ".yaml");
    try {
      String text = Files.readString(template).replace("${name}", worker);
      Path file = data.resolve("workers").resolve(worker).resolve("profile.yaml");
      Files.createDirectories(file.getParent());
      Files.writeString(file, text.replaceFirst("noop: \\d+", "noop: " + NOOPS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts what does not run: everything at first, later what was killed. */
  public void up() {
    weft(
            environment,
            START,
            "up",
            "--detach",
            "--port-base",
            Integer.toString(portBase),
            "--replicas",
            Integer.toString(replicas))
        .expectSuccess();
  }

  /** Whether every pool has as many running workers as it should have. */
  public boolean poolsAreFull() {
    try {
      for (JsonNode pool : JSON.readTree(weft("pools", "-o", "json").expectSuccess().stdout())) {
        int running = 0;
        for (JsonNode instance : pool.path("instances")) {
          boolean runs = instance.path("state").asText().equals("INSTANCE_STATE_RUNNING");
          running += runs ? 1 : 0;
        }
        if (running != pool.path("desired").asInt()) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@code ./weft …} against this mesh. */
  public Command weft(String... arguments) {
    return weft(Map.of(), Duration.ofMinutes(2), arguments);
  }

  public Command weft(Map<String, String> environment, Duration timeout, String... arguments) {
    return Command.run(root, user(environment), timeout, argv(arguments));
  }

  /** Starts {@code ./weft …} against this mesh and goes on. */
  public RunningCommand weftInBackground(String... arguments) {
    // Who starts the tests in the background has SIGINT ignored, and every child inherits that.
    List<String> argv = new ArrayList<>(List.of("env", "--default-signal=INT"));
    argv.addAll(argv(arguments));
    return new RunningCommand(root, user(Map.of()), argv);
  }

  private List<String> argv(String... arguments) {
    List<String> argv = new ArrayList<>(List.of(root.resolve("weft").toString(), "--no-build"));
    argv.addAll(Arrays.asList(arguments));
    return argv;
  }

  private Map<String, String> user(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("WEFT_RESIDENT", "off"); // Nothing outlives the tests.
    all.put("WEFT_HOME", data.toString());
    all.put("JAVA_HOME", System.getProperty("java.home"));
    return all;
  }

  public MeshClient client() {
    return new MeshClient(
        IntStream.range(0, replicas).map(i -> portBase + 90 + i).boxed().toList(), token());
  }

  public String token() {
    return read(data.resolve("token")).strip();
  }

  /** Base address of gateway {@code replica}'s REST door. */
  public String rest(int replica) {
    return "http://127.0.0.1:" + (portBase + 80 + replica);
  }

  /** The ready body of router {@code replica}'s health page. */
  public int routerHttpPort(int replica) {
    return portBase + 130 + replica;
  }

  /** The checkout that is under test. */
  public Path root() {
    return root;
  }

  public Path data() {
    return data;
  }

  public MeshProcess process(String name) {
    return processes().stream()
        .filter(process -> process.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "process: %s (expected one of %s)".formatted(name, processes())));
  }

  public List<MeshProcess> processes() {
    try (Stream<Path> files = Files.list(data.resolve("run"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(LocalMesh::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a process was started with. */
  public Map<String, String> environment(String process) {
    Map<String, String> environment = new HashMap<>();
    read(data.resolve("run").resolve(process + ".env"))
        .lines()
        .map(line -> line.split("=", 2))
        .forEach(pair -> environment.put(pair[0], pair[1]));
    return environment;
  }

  /** Where bubblewrap is, if the mesh has fetched one because the machine has none. */
  public Optional<String> fetchedBubblewrap() {
    try (Stream<Path> files = Files.list(data.resolve("run"))) {
      return files
          .filter(file -> file.toString().endsWith(".env"))
          .flatMap(file -> read(file).lines())
          .filter(line -> line.startsWith("WEFT_BWRAP="))
          .map(line -> line.substring("WEFT_BWRAP=".length()))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    weft(Map.of(), Duration.ofMinutes(3), "down").expectSuccess();
    List<MeshProcess> survivors = processes().stream().filter(MeshProcess::alive).toList();
    if (!survivors.isEmpty()) {
      throw new AssertionError("`weft down` left running: " + survivors);
    }
  }

  private static MeshProcess parse(Path file) {
    try {
      JsonNode json = JSON.readTree(file.toFile());
      String fileName = file.getFileName().toString();
      return new MeshProcess(
          fileName.substring(0, fileName.length() - 5), json.get("pid").asLong());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path checkout() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("weft")) || !Files.exists(path.resolve("mvnw"))) {
      path = path.getParent();
      if (path == null) {
        throw new IllegalStateException("not inside a checkout of Weft");
      }
    }
    return path;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteTree(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(path)) {
      paths.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
