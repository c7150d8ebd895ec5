package dev.weft.cli.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.cli.FakeArtifacts;
import dev.weft.cli.FakeGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The real script, relay and resident in a checkout of their own, before both doors of a mesh. */
final class ResidentRig implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path root;
  private final Path folder;
  private final FakeGateway gateway = new FakeGateway();
  private final FakeArtifacts artifacts;
  private final Map<String, String> environment = new HashMap<>();
  private int count;

  /** How a command ended. */
  record Ended(int code, String out, String err) {}

  /** A command that runs, and where it writes. */
  record Running(Process process, Path out, Path err) {
    Ended end() {
      try {
        assertThat(process.waitFor(PATIENCE)).as("ends").isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Whether a resident runs it. */
    boolean isRelayed() {
      return ResidentRig.arguments(process.toHandle()).contains("dev.weft.cli.relay.Relay");
    }
  }

  ResidentRig(Path folder) throws IOException {
    this.folder = folder;
    root = Files.createDirectories(folder.resolve("checkout"));
    artifacts = new FakeArtifacts(folder.resolve("mesh"));
    Path checkout = Path.of("").toAbsolutePath().getParent();
    Path target = Files.createDirectories(root.resolve("cli/target"));
    Files.copy(checkout.resolve("weft"), root.resolve("weft"));
    for (String jar : List.of("weft-cli.jar", "weft-cli-relay.jar")) {
      Files.copy(checkout.resolve("cli/target").resolve(jar), target.resolve(jar));
    }
    Files.createSymbolicLink(target.resolve("lib"), checkout.resolve("cli/target/lib"));
    environment.put("PATH", System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("HOME", folder.toString());
    environment.put("XDG_RUNTIME_DIR", Files.createDirectory(folder.resolve("r")).toString());
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put("WEFT_URL", gateway.url());
    environment.put("WEFT_GRPC_URL", artifacts.url());
    environment.put("WEFT_TOKEN", FakeGateway.TOKEN);
    environment.put("WEFT_HOME", folder.resolve("weft").toString());
  }

  FakeGateway gateway() {
    return gateway;
  }

  FakeArtifacts artifacts() {
    return artifacts;
  }

  Path folder() {
    return folder;
  }

  Path program() {
    return root.resolve("cli/target/weft-cli.jar");
  }

  /** The small program in front. */
  Path relay() {
    return root.resolve("cli/target/weft-cli-relay.jar");
  }

  /** Of all commands from now on. */
  void variable(String name, String value) {
    environment.put(name, value);
  }

  ProcessBuilder command(String... arguments) {
    List<String> argv = new ArrayList<>(List.of(root.resolve("weft").toString(), "--no-build"));
    argv.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(argv).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  Running start(String... arguments) throws IOException {
    return start(command(arguments));
  }

  Running start(ProcessBuilder builder) throws IOException {
    count++;
    Path out = folder.resolve("out" + count);
    Path err = folder.resolve("err" + count);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Running(builder.start(), out, err);
  }

  Ended weft(String... arguments) throws IOException {
    return start(arguments).end();
  }

  /** A first command, and the resident that it leaves. */
  ProcessHandle warm() throws IOException {
    assertThat(weft("get", FakeGateway.TASK).code()).isZero();
    return awaitResident();
  }

  ProcessHandle awaitResident() {
    await().atMost(PATIENCE).until(() -> !sockets().isEmpty() && residents().size() == 1);
    return residents().getFirst();
  }

  List<ProcessHandle> residents() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                arguments(process).contains("dev.weft.cli.resident.Resident")
                    && arguments(process).toString().contains(folder + "/"))
        .toList();
  }

  List<Path> sockets() throws IOException {
    Path where = place();
    if (!Files.isDirectory(where)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(where)) {
      return all.filter(file -> file.toString().endsWith(".sock")).toList();
    }
  }

  /** Where residents listen. */
  Path place() {
    return folder.resolve("r/weft/resident");
  }

  static void signal(String name, ProcessHandle process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static List<String> arguments(ProcessHandle process) {
    return List.of(process.info().arguments().orElse(new String[0]));
  }

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new java.util.Random(count).nextBytes(bytes);
    return bytes;
  }

  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    residents().forEach(ProcessHandle::destroyForcibly);
    await().atMost(PATIENCE).until(() -> residents().isEmpty());
    gateway.close();
    artifacts.close();
    Files.delete(root.resolve("cli/target/lib"));
  }
}
