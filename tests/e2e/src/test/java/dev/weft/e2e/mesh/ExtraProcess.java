package dev.weft.e2e.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A service that a test adds to a mesh with a configuration of its own; ended with the test. */
public final class ExtraProcess implements AutoCloseable {

  private static final long STOP_SECONDS = 40;

  private final Process process;

  private ExtraProcess(Process process) {
    this.process = process;
  }

  /** Starts the module's program, with nothing but {@code environment} added to the test's own. */
  public static ExtraProcess start(
      LocalMesh mesh, String module, String name, Map<String, String> environment) {
    return start(mesh, List.of(), module, name, environment);
  }

  /**
   * @param before a command that runs another, for example in a namespace
   */
  static ExtraProcess start(
      LocalMesh mesh,
      List<String> before,
      String module,
      String name,
      Map<String, String> environment) {
    Path jar = mesh.root().resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    List<String> argv = new ArrayList<>(before);
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(List.of("-Xmx128m", "--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectOutput(mesh.data().resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    try {
      return new ExtraProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a service of the mesh that was killed as it was, but by that command, which runs
   * another.
   */
  public static ExtraProcess again(LocalMesh mesh, List<String> before, String service) {
    String role = service.substring(0, service.lastIndexOf('-'));
    String module = role.equals("gateway") ? role : role + "-svc";
    return start(mesh, before, module, service + "-again", mesh.environment(service));
  }

  /** A worker that knows one address and one token. */
  public static ExtraProcess worker(LocalMesh mesh, Path directory, String name, int joinPort) {
    return new ExtraWorker(mesh, directory, name).join(joinPort).start();
  }

  /** What only the worker of this name can do. */
  public static String capability(String name) {
    return "ONLY_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Remote ports of its TCP connections that stand now. */
  public List<Integer> dialledPorts() {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
      List<String> sockets =
          descriptors.map(ExtraProcess::target).filter(t -> t.startsWith("socket:[")).toList();
      List<Integer> ports = new ArrayList<>();
      for (String table : List.of("net/tcp", "net/tcp6")) {
        for (String line : Files.readAllLines(proc.resolve(table))) {
          String[] columns = line.strip().split("\\s+");
          if (columns.length > 9
              && columns[3].equals("01")
              && sockets.contains("socket:[" + columns[9] + "]")) {
            ports.add(Integer.parseInt(columns[2].substring(columns[2].indexOf(':') + 1), 16));
          }
        }
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGTERM; its exit code. */
  public int stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still there " + STOP_SECONDS + " s after SIGTERM: " + process);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + process + " stopped", e);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
