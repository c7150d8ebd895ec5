package dev.weft.registry.process;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.FreePort;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.registry.testing.TestMesh;
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

/** One registry as its users run it: the packaged program, its environment, its ports. */
final class RegistryProcess implements AutoCloseable {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int meshPort = FreePort.find();
  private final int httpPort = FreePort.find();
  private final Launch launch;
  private ChildProcess child;

  RegistryProcess(String node, Path directory, TestMesh mesh, DatabaseAccess database)
      throws IOException {
    Path home = Files.createDirectories(directory.resolve(node));
    mesh.writeFiles(home, "registry", node);
    launch =
        new Launch(
            command(),
            environment(node, home, database),
            home,
            home.resolve("registry.log"),
            Lifetime.OWNER,
            Optional.empty());
    child = ChildProcess.start(launch);
  }

  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx96m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-jar",
        JAR.toAbsolutePath().toString());
  }

  private Map<String, String> environment(String node, Path home, DatabaseAccess database) {
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
    environment.put("WEFT_REGISTRY_STATISTICS_INTERVAL", "1s");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    return environment;
  }

  int meshPort() {
    return meshPort;
  }

  String address() {
    return "127.0.0.1:" + meshPort;
  }

  /** The body of a page of the health and metrics port; empty while it does not answer. */
  String page(String path) {
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

  boolean isReady() {
    if (!child.isRunning()) {
      throw new AssertionError("the registry has ended: " + log());
    }
    return page("/q/health/ready").replace(" ", "").contains("\"status\":\"UP\"");
  }

  /** Returns once it answers; throws with its last words if it does not. */
  RegistryProcess awaitReady() {
    try {
      Awaitility.await().atMost(START).pollInterval(POLL).until(this::isReady);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("not ready: " + page("/q/health/ready") + log(), e);
    }
    return this;
  }

  /** As {@link #awaitReady}, and active. */
  RegistryProcess awaitActive() {
    awaitReady();
    try {
      Awaitility.await().atMost(START).pollInterval(POLL).until(this::isActive);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("not active: " + page("/q/health/ready") + log(), e);
    }
    return this;
  }

  boolean isActive() {
    return page("/q/health/ready").replace(" ", "").contains("\"active\":true");
  }

  void signal(String name) {
    child.signal(name);
  }

  void kill() {
    child.kill();
  }

  void restart() {
    child = ChildProcess.start(launch);
  }

  boolean awaitExit(Duration limit) {
    return child.awaitExit(limit);
  }

  String log() {
    try {
      return Files.readString(child.log());
    } catch (IOException e) {
      return e.toString();
    }
  }

  long pid() {
    return child.stamp().pid();
  }

  @Override
  public void close() {
    child.signal("CONT");
    child.kill();
  }
}
