package dev.weft.scaler.process;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.FreePort;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.scaler.testing.TestMesh;
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

/** One scaler as its users run it: the packaged program, its environment, its ports. */
final class ScalerProcess implements AutoCloseable {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final Duration START = Duration.ofMinutes(1);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int httpPort = FreePort.find();
  final int meshPort = FreePort.find();
  private final ChildProcess child;

  /** Where the rest of its world is. */
  record World(TestMesh mesh, DatabaseAccess database, int registryPort, int routerPort) {}

  ScalerProcess(String node, Path directory, World world) throws IOException {
    Path home = Files.createDirectories(directory.resolve(node));
    world.mesh().writeFiles(home, "scaler", node);
    child =
        ChildProcess.start(
            new Launch(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-jar",
                    JAR.toAbsolutePath().toString()),
                environment(node, home, directory, world),
                home,
                home.resolve("scaler.log"),
                Lifetime.OWNER,
                Optional.empty()));
  }

  private Map<String, String> environment(String node, Path home, Path directory, World world) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("WEFT_NODE_ID", node);
    environment.put("WEFT_MESH_PORT", Integer.toString(meshPort));
    environment.put("WEFT_MESH_CERT_FILE", home.resolve("cert.pem").toString());
    environment.put("WEFT_MESH_KEY_FILE", home.resolve("key.pem").toString());
    environment.put("WEFT_MESH_CA_FILE", home.resolve("ca.pem").toString());
    environment.put("WEFT_STATIC_REGISTRY", "127.0.0.1:" + world.registryPort());
    environment.put("WEFT_STATIC_ROUTER", "127.0.0.1:" + world.routerPort());
    environment.put("WEFT_DB_HOST", world.database().host());
    environment.put("WEFT_DB_PORT", Integer.toString(world.database().port()));
    environment.put("WEFT_DB_NAME", world.database().database());
    environment.put("WEFT_DB_USER", world.database().user());
    environment.put("WEFT_DB_PASSWORD", world.database().password());
    environment.put("WEFT_SCALER_POOLS_DIR", directory.resolve("pools").toString());
    environment.put("WEFT_SCALER_RUN_DIR", directory.resolve("run").toString());
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    return environment;
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

  ScalerProcess awaitReady() {
    return await("\"status\":\"UP\"");
  }

  ScalerProcess awaitActive() {
    return await("\"active\":true");
  }

  private ScalerProcess await(String word) {
    try {
      Awaitility.await()
          .atMost(START)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> page("/q/health/ready").replace(" ", "").contains(word));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(word + " expected: " + page("/q/health/ready") + child.logTail(), e);
    }
    return this;
  }

  /** SIGKILL to it alone; the workers that it started are its children. */
  void kill() {
    child.signal("KILL");
    child.awaitExit(Duration.ofSeconds(10));
  }

  /** SIGTERM; returns once it has ended. */
  void stop() {
    if (!child.stop("TERM", Duration.ofSeconds(30))) {
      throw new AssertionError("does not end at SIGTERM: " + child.logTail());
    }
  }

  @Override
  public void close() {
    kill();
  }
}
