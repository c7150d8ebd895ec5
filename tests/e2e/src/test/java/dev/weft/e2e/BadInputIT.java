package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.SharedMesh;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nonsense at the REST door: each a clear problem, none a crash. */
@ExtendWith(SharedMesh.class)
class BadInputIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalMesh mesh;

  BadInputIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void anUnknownExecutorKindIsNamed() throws Exception {
    assertProblem(submit("{\"spec\":{\"teleport\":{}}}"), 400, "teleport");
  }

  @Test
  void malformedJsonIsABadRequest() throws Exception {
    assertProblem(submit("{\"spec\":"), 400, "JSON");
  }

  @Test
  void aCommandWithoutArgumentsIsRefused() throws Exception {
    assertProblem(submit("{\"spec\":{\"shell\":{}}}"), 400, "argv");
  }

  @Test
  void anOversizedPayloadIsRefused() throws Exception {
    String stdin = "A".repeat(100_000);
    assertProblem(
        submit("{\"spec\":{\"shell\":{\"argv\":[\"cat\"],\"stdin\":\"" + stdin + "\"}}}"),
        400,
        "65536");
  }

  @Test
  void aPathOutOfTheWorkspaceIsRefused() throws Exception {
    String file = "{\"path\":\"../../etc/passwd\",\"content\":\"\"}";
    assertProblem(
        submit("{\"spec\":{\"shell\":{\"argv\":[\"true\"],\"files\":[" + file + "]}}}"), 400, "..");
  }

  @Test
  void aFieldOfALaterReleaseIsRefusedByName() throws Exception {
    JsonNode problem =
        assertProblem(
            submit("{\"spec\":{\"noop\":{},\"networkAccess\":\"NETWORK_ACCESS_ALLOW\"}}"),
            501,
            "spec.network_access");
    assertThat(problem.path("reason").asText()).isEqualTo("FIELD_NOT_SUPPORTED_YET");
  }

  @Test
  void anUnknownIdIsNotFound() throws Exception {
    JsonNode problem =
        assertProblem(get("/v1/tasks/tsk_00000000000000000000000000", mesh.token()), 404, "tsk_0");
    assertThat(problem.path("reason").asText()).isEqualTo("TASK_NOT_FOUND");
  }

  @Test
  void somethingThatIsNoIdIsABadRequest() throws Exception {
    assertProblem(get("/v1/tasks/banana", mesh.token()), 400, "banana");
  }

  @Test
  void noTokenAWrongTokenAndATokenInTheUrlAreAllUnauthenticated() throws Exception {
    assertProblem(get("/v1/tasks", ""), 401, "token");
    assertProblem(get("/v1/tasks", "wft_" + "0".repeat(52)), 401, "token");
    assertProblem(get("/v1/tasks?access_token=" + mesh.token(), ""), 401, "secret");
  }

  @Test
  void theSameKeyWithAnotherTaskIsAConflict() throws Exception {
    String key = "key-" + System.nanoTime();
    assertThat(submit("{\"spec\":{\"noop\":{}}}", key).statusCode()).isBetween(200, 202);
    JsonNode problem =
        assertProblem(
            submit("{\"spec\":{\"noop\":{},\"displayName\":\"other\"}}", key), 409, "key");
    assertThat(problem.path("reason").asText()).isEqualTo("IDEMPOTENCY_CONFLICT");
  }

  private static JsonNode assertProblem(HttpResponse<String> response, int status, String text)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type"))
        .get()
        .asString()
        .startsWith("application/problem+json");
    JsonNode problem = JSON.readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotBlank();
    assertThat(problem.path("detail").asText()).containsIgnoringCase(text);
    return problem;
  }

  private HttpResponse<String> submit(String body) throws Exception {
    return submit(body, "");
  }

  private HttpResponse<String> submit(String body, String key) throws Exception {
    HttpRequest.Builder request =
        request("/v1/tasks", mesh.token())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("Idempotency-Key", key);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    return http.send(request(path, token).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(mesh.rest(0) + path)).timeout(Duration.ofSeconds(20));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }
}
