package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.worker.grpc.FakeMesh;
import dev.weft.worker.sandbox.InstalledBubblewrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Real worker processes on one directory, and a mesh of which they see all that they ever see. */
final class WorkerRig implements AutoCloseable {

  /** Tells this run's commands from all others on the machine. */
  final String mark = "8" + (100_000 + new Random().nextInt(899_999));

  final Path data = directory();
  FakeMesh mesh = openMesh();
  private final List<Process> processes = new ArrayList<>();

  private static Path directory() {
    try {
      return Files.createTempDirectory("weft-worker");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private FakeMesh openMesh() {
    try {
      FakeMesh opened = FakeMesh.open();
      Files.writeString(data.resolve("join-token"), opened.token().reveal());
      Files.writeString(
          data.resolve("profile.yaml"),
          "{name: worker-1, kind: sandbox, executors: {shell: 8}, limits: {max_memory_mb: 256}}");
      return opened;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The mesh is gone for good; another one stands where it is needed. */
  void loseMesh() throws Exception {
    mesh.close();
  }

  void anotherMesh() {
    mesh = openMesh();
  }

  Process start(Map<String, String> environment) throws Exception {
    int before = mesh.placer.hellos().size();
    Process worker = launch(environment);
    await()
        .failFast(() -> assertThat(worker.isAlive()).as(log()).isTrue())
        .until(() -> mesh.placer.hellos().size() > before && mesh.placer.connected());
    await().until(() -> !mesh.registry.beats().isEmpty());
    return worker;
  }

  Process launch(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-jar",
                "target/quarkus-app/quarkus-run.jar")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("log").toFile()));
    Map<String, String> all = new HashMap<>();
    all.put("WEFT_JOIN_ADDRESS", "127.0.0.1:" + mesh.doorPort());
    all.put("WEFT_JOIN_PLAINTEXT", "true");
    all.put("WEFT_JOIN_TOKEN_FILE", data.resolve("join-token").toString());
    all.put("WEFT_DATA_DIR", data.toString());
    all.put("WEFT_PROFILE_FILE", data.resolve("profile.yaml").toString());
    all.put("WEFT_BWRAP", InstalledBubblewrap.program().toString());
    all.put("QUARKUS_HTTP_PORT", "0");
    all.put("QUARKUS_OTEL_SDK_DISABLED", "true");
    all.putAll(environment);
    builder.environment().putAll(all);
    Process worker = builder.start();
    processes.add(worker);
    return worker;
  }

  String log() throws IOException {
    return Files.readString(data.resolve("log"), StandardCharsets.UTF_8);
  }

  AttemptResult result(int number) {
    await().until(() -> mesh.placer.results().size() >= number);
    return mesh.placer.results().get(number - 1);
  }

  /** All that a command wrote, wherever it went. */
  String said(AttemptResult result) {
    if (!result.getResult().getOutputLogged()) {
      return result.getResult().getOutput().toStringUtf8();
    }
    await().until(() -> mesh.log.closed());
    return mesh.log.text(OutputSource.OUTPUT_SOURCE_STDOUT)
        + mesh.log.text(OutputSource.OUTPUT_SOURCE_STDERR);
  }

  List<String> marked() {
    return ProcessHandle.allProcesses()
        .map(process -> commandLine(process.pid()))
        .filter(line -> line.contains(mark))
        .toList();
  }

  static String commandLine(long pid) {
    try {
      return Files.readString(
              Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1)
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
  }

  @Override
  public void close() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    mesh.close();
    await().until(() -> marked().isEmpty());
    try (var files = Files.walk(data)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
