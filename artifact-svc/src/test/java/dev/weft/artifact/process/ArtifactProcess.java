package dev.weft.artifact.process;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.FreePort;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One replica as its users run it: the packaged program, its environment, its ports. */
public final class ArtifactProcess implements AutoCloseable {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int meshPort = FreePort.find();
  private final int httpPort = FreePort.find();
  private final Launch launch;
  private ChildProcess child;

  /**
   * @param home holds cert.pem, key.pem and ca.pem
   * @param more of the environment
   */
  public ArtifactProcess(
      String node, Path home, DatabaseAccess database, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("WEFT_NODE_ID", node);
    environment.put("WEFT_MESH_PORT", Integer.toString(meshPort));
    environment.put("WEFT_MESH_CERT_FILE", home.resolve("cert.pem").toString());
    environment.put("WEFT_MESH_KEY_FILE", home.resolve("key.pem").toString());
    environment.put("WEFT_MESH_CA_FILE", home.resolve("ca.pem").toString());
    environment.put("WEFT_DB_HOST", database.host());
    environment.put("WEFT_DB_PORT", Integer.toString(database.port()));
    environment.put("WEFT_DB_NAME", database.database());
    environment.put("WEFT_DB_USER", database.user());
    environment.put("WEFT_DB_PASSWORD", database.password());
    // Nobody listens there: Redis's absence must be harmless.
    environment.put("WEFT_REDIS_URL", "redis://127.0.0.1:" + FreePort.find());
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    environment.putAll(more);
    launch =
        new Launch(
            command(),
            environment,
            home,
            home.resolve("artifact.log"),
            Lifetime.OWNER,
            Optional.empty());
    child = ChildProcess.start(launch);
  }

  /** So little memory that whatever is carried can't be held. */
  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx80m",
        "-XX:MaxDirectMemorySize=48m",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-jar",
        JAR.toAbsolutePath().toString());
  }

  public int meshPort() {
    return meshPort;
  }

  public String address() {
    return "127.0.0.1:" + meshPort;
  }

  /** The body of a page of the health and metrics port; empty while it does not answer. */
  public String page(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public boolean isRunning() {
    return child.isRunning();
  }

  boolean isReady() {
    if (!child.isRunning()) {
      throw new AssertionError("the replica has ended: " + log());
    }
    return page("/q/health/ready").replace(" ", "").contains("\"status\":\"UP\"");
  }

  /** Returns once it answers; throws with its last words if it does not. */
  public ArtifactProcess awaitReady() {
    try {
      Awaitility.await().atMost(START).pollInterval(POLL).until(this::isReady);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("not ready: " + page("/q/health/ready") + log(), e);
    }
    return this;
  }

  public void signal(String name) {
    child.signal(name);
  }

  public void kill() {
    child.kill();
  }

  public void restart() {
    child = ChildProcess.start(launch);
  }

  public boolean awaitExit(Duration limit) {
    return child.awaitExit(limit);
  }

  /** Resident bytes. */
  long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + child.stamp().pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new AssertionError("no VmRSS");
  }

  public String log() {
    try {
      return Files.readString(child.log());
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    child.signal("CONT");
    child.kill();
  }
}
