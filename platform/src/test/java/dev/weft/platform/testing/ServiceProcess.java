package dev.weft.platform.testing;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The packaged service of the module under test, as its users run it: environment and ports. */
public final class ServiceProcess implements AutoCloseable {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int meshPort = FreePort.find();
  private final int httpPort = FreePort.find();
  private final Launch launch;
  private ChildProcess child;

  /**
   * Begins to start it.
   *
   * @param home holds cert.pem, key.pem and ca.pem, and then the log
   * @param jvm its options
   * @param more of the environment
   */
  public ServiceProcess(
      String node, Path home, DatabaseAccess database, List<String> jvm, Map<String, String> more) {
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
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    environment.putAll(more);
    launch =
        new Launch(
            command(jvm),
            environment,
            home,
            home.resolve("service.log"),
            Lifetime.OWNER,
            Optional.empty());
    child = ChildProcess.start(launch);
  }

  private static List<String> command(List<String> jvm) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(jvm);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-jar");
    command.add(JAR.toAbsolutePath().toString());
    return command;
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

  public boolean isReady() {
    return says("\"status\":\"UP\"");
  }

  /** Whether it holds its cell. */
  public boolean isActive() {
    return says("\"active\":true");
  }

  private boolean says(String word) {
    return page("/q/health/ready").replace(" ", "").contains(word);
  }

  /** Returns once it answers; throws with its last words if it does not. */
  public ServiceProcess awaitReady() {
    return await("\"status\":\"UP\"");
  }

  /** Returns once it holds its cell; throws with its last words if it does not. */
  public ServiceProcess awaitActive() {
    return await("\"active\":true");
  }

  private ServiceProcess await(String word) {
    try {
      Awaitility.await()
          .atMost(START)
          .pollInterval(POLL)
          .until(
              () -> {
                if (!child.isRunning()) {
                  throw new AssertionError("the service has ended: " + log());
                }
                return says(word);
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(word + " expected: " + page("/q/health/ready") + log(), e);
    }
    return this;
  }

  public void signal(String name) {
    child.signal(name);
  }

  /** SIGKILL, to what it has started too. */
  public void kill() {
    child.kill();
  }

  /** SIGKILL to it alone. */
  public void killAlone() {
    child.signal("KILL");
    child.awaitExit(Duration.ofSeconds(10));
  }

  /** SIGTERM; returns once it has ended. */
  public void stop() {
    if (!child.stop("TERM", Duration.ofSeconds(30))) {
      throw new AssertionError("does not end at SIGTERM: " + child.logTail());
    }
  }

  public void restart() {
    child = ChildProcess.start(launch);
  }

  public boolean awaitExit(Duration limit) {
    return child.awaitExit(limit);
  }

  public long pid() {
    return child.stamp().pid();
  }

  /** Resident bytes. */
  public long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new AssertionError("no VmRSS");
  }

  /** All that it has printed. */
  public String log() {
    try {
      return Files.readString(child.log());
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends it at once, also when it is stopped; what it has started goes on. */
  @Override
  public void close() {
    child.signal("CONT");
    killAlone();
  }
}
