package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.MeshProcess;
import dev.weft.e2e.mesh.SharedMesh;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What whoever runs a mesh reads of it. */
@ExtendWith(SharedMesh.class)
class OperationsIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_SERIES_OF_A_NAME = 300;
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ID =
      Pattern.compile("[a-z]{3}_[0-9a-z]{26}|[0-9a-f]{8}-[0-9a-f]{4}-.*|[0-9a-f]{32,}");

  private final LocalMesh mesh;

  OperationsIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void metricsOfEveryServiceHaveBoundedLabels() throws Exception {
    Set<String> ids = traffic(20);
    Set<String> services = new TreeSet<>();
    for (MeshProcess process : mesh.processes()) {
      String port = mesh.environment(process.name()).get("QUARKUS_HTTP_PORT");
      if (port == null || !process.alive()) {
        continue;
      }
      List<String> samples =
          scrape(port)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(OperationsIT::withoutExemplar)
              .toList();
      assertThat(samples).as(process.name()).anyMatch(line -> line.startsWith("jvm_"));
      for (String sample : samples) {
        LABEL
            .matcher(sample)
            .results()
            .forEach(
                label ->
                    assertThat(label.group(2))
                        .as("%s: %s", process.name(), sample)
                        .doesNotMatch(ID)
                        .isNotIn(ids));
        assertThat(sample).doesNotContain("tenant=", "taskId=", "attempt=");
      }
      Map<String, Long> series =
          samples.stream()
              .collect(Collectors.groupingBy(OperationsIT::name, Collectors.counting()));
      assertThat(series.values()).as(process.name()).allMatch(n -> n < MOST_SERIES_OF_A_NAME);
      services.add(process.name().replaceAll("-\\d+$", ""));
    }
    assertThat(services).contains("gateway", "router", "registry", "artifact", "scaler");
  }

  @Test
  void everyLineOfEveryLogFileIsJsonWithItsFactsAndWithoutASecret() throws IOException {
    traffic(2);
    Set<String> secrets = secrets();
    List<String> loaded = new ArrayList<>();
    for (Path file : logs()) {
      for (String line : Files.readAllLines(file)) {
        JsonNode entry = JSON.readTree(line);
        assertThat(entry.isObject()).as("%s: %s", file, line).isTrue();
        assertThat(entry.path("timestamp").asText()).as(line).matches("\\d{4}-.*Z");
        assertThat(entry.path("level").asText()).isIn("ERROR", "WARN", "INFO");
        assertThat(entry.path("service").asText()).startsWith("weft-");
        assertThat(entry.path("message").isTextual()).as(line).isTrue();
        secrets.forEach(secret -> assertThat(line).doesNotContain(secret));
        if (entry.path("message").asText().equals("cell loaded")) {
          loaded.add(line);
          assertThat(entry.path("epoch").isIntegralNumber()).as(line).isTrue();
        }
      }
    }
    assertThat(loaded).as("the placer's take-over").isNotEmpty();
  }

  /** A worker asks itself within its first minute; by now most have been up for longer. */
  @Test
  void everyWorkerHasAskedItselfInEveryLayerAndSaysSo() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(wellInEveryLayer()).hasSizeGreaterThanOrEqualTo(3));

    assertThat(mesh.weft("workers", "gpu-tokyo-01").expectSuccess().stdout())
        .containsPattern("gpu-tokyo-01 +application +ELIGIBLE +0/2 ")
        .containsPattern("gpu-tokyo-01 +deep +ELIGIBLE +0/1 ");
  }

  private List<String> wellInEveryLayer() throws IOException {
    List<String> well = new ArrayList<>();
    for (JsonNode page :
        JSON.readTree(mesh.weft("workers", "--layers", "-o", "json").expectSuccess().stdout())) {
      Set<String> good = new TreeSet<>();
      page.path("layers")
          .forEach(
              layer -> {
                if (layer.path("grade").asText().equals("HEALTH_GRADE_ELIGIBLE")) {
                  good.add(layer.path("name").asText());
                }
              });
      JsonNode services = page.path("services");
      boolean connected =
          Stream.of("artifact", "gateway", "placer")
              .allMatch(name -> services.path(name).asText().equals("connected"));
      if (connected && good.equals(Set.of("echo", "report", "application", "deep"))) {
        well.add(page.path("instance_id").asText());
      }
    }
    return well;
  }

  /** What leads from a sample to a trace is kept beside it, and is no label. */
  private static String withoutExemplar(String sample) {
    int exemplar = sample.indexOf(" # {");
    return exemplar < 0 ? sample : sample.substring(0, exemplar);
  }

  private Set<String> traffic(int tasks) {
    Set<String> ids = new TreeSet<>();
    try (MeshClient client = mesh.client()) {
      for (int i = 0; i < tasks; i++) {
        ids.add(client.submit(i % 2 == 0 ? MeshClient.noop() : MeshClient.shell("true")).getId());
      }
      ids.forEach(id -> client.await(id, PATIENCE));
    }
    return ids;
  }

  private Set<String> secrets() throws IOException {
    Set<String> secrets = new TreeSet<>();
    secrets.add(mesh.token());
    secrets.add(Files.readString(mesh.data().resolve("join-token")).strip());
    for (MeshProcess process : mesh.processes()) {
      mesh.environment(process.name())
          .forEach(
              (name, value) -> {
                if (name.endsWith("PASSWORD") || name.endsWith("SECRET")) {
                  secrets.add(value);
                }
              });
    }
    assertThat(secrets).hasSizeGreaterThan(2);
    return secrets;
  }

  private List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.list(mesh.data().resolve("logs"))) {
      Set<String> services =
          mesh.processes().stream()
              .map(MeshProcess::name)
              .filter(name -> mesh.environment(name).containsKey("QUARKUS_HTTP_PORT"))
              .map(name -> name + ".log")
              .collect(Collectors.toSet());
      List<Path> found =
          files.filter(file -> services.contains(file.getFileName().toString())).toList();
      assertThat(found).hasSizeGreaterThanOrEqualTo(5);
      return found;
    }
  }

  private static String name(String sample) {
    return sample.replaceAll("[{ ].*", "");
  }

  private static String scrape(String port) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/metrics")).build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
