package dev.weft.router.process;

import dev.weft.parts.DatabaseAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One router as users run it: its jar, its environment, its own process. */
final class RouterProcess implements AutoCloseable {

  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
  private final String node;
  private final int port;
  private final Path log;
  private final Process process;

  RouterProcess(
      String node,
      int port,
      DatabaseAccess database,
      TestCertificates certificates,
      Map<String, String> more,
      Path directory) {
    this.node = node;
    this.port = port;
    this.log = directory.resolve(node + ".log");
    certificates.issue("router", node);
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toAbsolutePath().toString()));
    Map<String, String> environment = builder.environment();
    environment.put("WEFT_NODE_ID", node);
    environment.put("WEFT_MESH_PORT", Integer.toString(port));
    environment.put("WEFT_MESH_CERT_FILE", certificates.certificate("router", node).toString());
    environment.put("WEFT_MESH_KEY_FILE", certificates.key("router", node).toString());
    environment.put("WEFT_MESH_CA_FILE", certificates.ca().toString());
    environment.put("WEFT_DB_HOST", database.host());
    environment.put("WEFT_DB_PORT", Integer.toString(database.port()));
    environment.put("WEFT_DB_NAME", database.database());
    environment.put("WEFT_DB_USER", database.user());
    environment.put("WEFT_DB_PASSWORD", database.password());
    environment.put("QUARKUS_HTTP_PORT", "0");
    environment.put("QUARKUS_OTEL_SDK_DISABLED", "true");
    // The tests count whole capacities.
    environment.put("WEFT_ORDER_RESERVE_PERCENT", "0");
    environment.putAll(more);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  void pause() {
    signal("STOP");
  }

  void wake() {
    signal("CONT");
  }

  int awaitExit() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError(node + " does not end\n" + logText());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** SIGTERM. */
  int stop() {
    process.destroy();
    return awaitExit();
  }

  String logText() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      wake();
      process.destroyForcibly();
    }
  }
}
