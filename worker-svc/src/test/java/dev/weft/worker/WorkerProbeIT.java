package dev.weft.worker;

import static dev.weft.proto.internal.heartbeat.v1.ProbeLayer.PROBE_LAYER_APPLICATION;
import static dev.weft.proto.internal.heartbeat.v1.ProbeLayer.PROBE_LAYER_DEEP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.FreePort;
import dev.weft.proto.internal.heartbeat.v1.ProbeFinding;
import dev.weft.proto.internal.heartbeat.v1.ProbeResult;
import dev.weft.worker.grpc.FakeMesh;
import dev.weft.worker.sandbox.InstalledBubblewrap;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real worker process asks itself, while what it asks breaks and comes back. */
class WorkerProbeIT {

  private final WorkerRig rig = new WorkerRig();
  private final Path tools = passable();
  private final int port = FreePort.find();

  private static Path passable() {
    try {
      return Files.createTempDirectory(
          "weft-tools",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A bubblewrap that can be broken, and made to hang, while the worker runs. */
  @BeforeEach
  void wrap() throws IOException {
    Path real = Files.copy(InstalledBubblewrap.program(), tools.resolve("real"));
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path wrapper = tools.resolve("bwrap");
    Files.writeString(
        wrapper,
        """
        #!/bin/sh
        [ ! -e %1$s/broken ] || { echo "out of order" >&2; exit 1; }
        [ ! -e %1$s/hangs ] || exec sleep 15
        exec %2$s "$@"
        """
            .formatted(tools, real));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
    for (String name : List.of("broken", "hangs", "bwrap", "real")) {
      Files.deleteIfExists(tools.resolve(name));
    }
    Files.delete(tools);
  }

  @Test
  void aSandboxThatBreaksIsFoundByTheWorkersOwnCommandAndAlsoThatItWorksAgain() throws Exception {
    rig.mesh.registry.ask(PROBE_LAYER_DEEP, Duration.ofSeconds(2));
    start();
    awaitDeep(faults -> faults.isEmpty());
    assertThat(page())
        .contains("\"status\":\"healthy\"")
        .contains("\"instance_id\":\"" + FakeMesh.WORKER_ID + "\"")
        .contains("\"queue_depth\":0")
        .contains("\"shell\":\"ready\"")
        .contains("\"loops\":{\"running\":0,\"healthy\":0}");

    Files.createFile(tools.resolve("broken"));
    awaitDeep(faults -> faults.stream().anyMatch(fault -> fault.contains("sandbox: ")));
    assertThat(page()).contains("\"status\":\"unhealthy\"").contains("deep: sandbox: ");

    Files.delete(tools.resolve("broken"));
    awaitDeep(faults -> faults.isEmpty());
    assertThat(rig.log()).contains("probe failed: layer=deep").contains("probe is good again");
    assertThat(rig.mesh.placer.results()).isEmpty();
    assertThat(rig.mesh.placer.started()).isEmpty();
    assertThat(rig.mesh.registry.beats()).allMatch(beat -> beat.getLoad().getSlotsUsed() == 0);
  }

  @Test
  void aSandboxThatHangsHasFailedAtItsTimeout() throws Exception {
    rig.mesh.registry.ask(PROBE_LAYER_DEEP, Duration.ofSeconds(2));
    start();
    awaitDeep(faults -> faults.isEmpty());

    Files.createFile(tools.resolve("hangs"));

    awaitDeep(faults -> faults.contains("probe: not over after 2000 ms"));
    awaitDeep(faults -> faults.contains("probe: the probe before is not over"));
  }

  @Test
  void theServicesThatWorkNeedsAreReallyAsked() throws Exception {
    rig.mesh.registry.ask(PROBE_LAYER_APPLICATION, Duration.ofSeconds(3));
    start();

    WorkerRig.await()
        .untilAsserted(
            () ->
                assertThat(newest().getFindingsList())
                    .extracting(ProbeFinding::getSubject)
                    .containsExactly("placer", "disk", "artifact", "gateway"));
    WorkerRig.await()
        .untilAsserted(
            () ->
                assertThat(newest().getFindingsList())
                    .allMatch(finding -> finding.getFault().isEmpty()));

    rig.mesh.loseArtifacts();

    WorkerRig.await()
        .untilAsserted(
            () ->
                assertThat(newest().getFindingsList())
                    .filteredOn(finding -> !finding.getFault().isEmpty())
                    .singleElement()
                    .satisfies(
                        finding -> {
                          assertThat(finding.getSubject()).isEqualTo("artifact");
                          assertThat(finding.getShared()).isTrue();
                        }));
  }

  private void start() throws Exception {
    rig.start(
        Map.of(
            "WEFT_BWRAP",
            tools.resolve("bwrap").toString(),
            "QUARKUS_HTTP_PORT",
            Integer.toString(port)));
  }

  /** What the worker says on its loopback port. */
  private String page() throws IOException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + port + "/v1/health");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
    }
  }

  private ProbeResult newest() {
    List<ProbeResult> results = rig.mesh.registry.probed(PROBE_LAYER_APPLICATION);
    return results.isEmpty() ? ProbeResult.getDefaultInstance() : results.getLast();
  }

  /** Until a probe that is told after this moment says so. */
  private void awaitDeep(Predicate<List<String>> faults) {
    int before = rig.mesh.registry.probed(PROBE_LAYER_DEEP).size();
    WorkerRig.await()
        .until(
            () ->
                rig.mesh.registry.probed(PROBE_LAYER_DEEP).stream()
                    .skip(before)
                    .map(WorkerProbeIT::faults)
                    .anyMatch(faults));
  }

  private static List<String> faults(ProbeResult result) {
    return result.getFindingsList().stream()
        .filter(finding -> !finding.getFault().isEmpty())
        .map(finding -> finding.getSubject() + ": " + finding.getFault())
        .toList();
  }
}
