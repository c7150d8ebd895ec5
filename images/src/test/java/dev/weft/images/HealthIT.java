package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The images run, with nothing but their own files, and say that they are well. */
@Tag("image")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthIT {
  private static final Duration START = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ImageMesh mesh;

  @BeforeAll
  void startParts(@TempDir Path directory) throws IOException {
    mesh = new ImageMesh(directory);
  }

  @AfterAll
  void stopAll() {
    mesh.close();
  }

  /** One after the other, in the order of the enum: the worker needs those before it. */
  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void runsAndIsHealthy(ServiceImage service) throws Exception {
    ImageProcess process = mesh.start(service);

    await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptionsInstanceOf(IOException.class)
        .failFast(
            () -> {
              if (!process.isRunning()) {
                throw new AssertionError(service + " has ended: " + process.output());
              }
            })
        .untilAsserted(() -> assertHealthy(service, process));
    if (service == ServiceImage.WORKER) {
      // Says so once it has run a command behind all walls: the programs for that are there.
      assertThat(process.output()).contains("sandbox: level=BUBBLEWRAP");
    }
  }

  private void assertHealthy(ServiceImage service, ImageProcess process) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(mesh.health(service)).timeout(Duration.ofSeconds(5)).build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as("%s %s", response.body(), process.output()).isEqualTo(200);
    JsonNode health = JSON.readTree(response.body());
    assertThat(health.path("status").asText()).isEqualTo("UP");
    assertThat(health.path("checks"))
        .isNotEmpty()
        .allSatisfy(check -> assertThat(check.path("status").asText()).isEqualTo("UP"));
  }
}
