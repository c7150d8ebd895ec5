package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.request;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.http.ContentType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no decent request for tasks, and what it is told. */
class TaskRefusalIT {

  @Test
  void aRefusedFieldIsNamedWithValueAndExpectation() {
    request()
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "spec",
                Map.of(
                    "shell",
                    Map.of("argv", List.of("a"), "workingDirectory", "../x"),
                    "timeout",
                    "90000s")))
        .post("/v1/tasks")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:weft:problem:INVALID_FIELD"))
        .body("title", equalTo("Bad Request"))
        .body("status", equalTo(400))
        .body("instance", equalTo("/v1/tasks"))
        .body("reason", equalTo("INVALID_FIELD"))
        .body(
            "fieldViolations.field",
            equalTo(List.of("spec.shell.workingDirectory", "spec.timeout")))
        .body("fieldViolations[1].message", containsString("90000s (expected: "));
  }

  @Test
  void aFieldOfALaterReleaseIsNotImplemented() {
    request()
        .contentType(ContentType.JSON)
        .body("{\"spec\":{\"noop\":{},\"networkAccess\":\"NETWORK_ACCESS_ALLOW\"}}")
        .post("/v1/tasks")
        .then()
        .statusCode(501)
        .body("reason", equalTo("FIELD_NOT_SUPPORTED_YET"))
        .body("metadata.field", equalTo("spec.network_access"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "{\"spec\":3}", "\u0000", "{\"spec\":{\"noop\":{}}} trailing"})
  void malformedJsonIsAProblem(String body) {
    request()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/tasks")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("reason", equalTo("MALFORMED_MESSAGE"));
  }

  @Test
  void anUnknownFieldIsRefusedByItsName() {
    request()
        .contentType(ContentType.JSON)
        .body("{\"spec\":{\"noop\":{},\"priorityclass\":1}}")
        .post("/v1/tasks")
        .then()
        .statusCode(400)
        .body("detail", containsString("priorityclass"));
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedEarly() {
    byte[] large = new byte[2 * 1024 * 1024 + 1];

    request()
        .contentType(ContentType.JSON)
        .body(large)
        .post("/v1/tasks")
        .then()
        .statusCode(413)
        .contentType("application/problem+json")
        .body("reason", equalTo("PAYLOAD_TOO_LARGE"));
  }

  @Test
  void whatIsNotJsonIsNotTaken() {
    request()
        .contentType("text/plain")
        .body("hello")
        .post("/v1/tasks")
        .then()
        .statusCode(415)
        .contentType("application/problem+json")
        .body("reason", equalTo("UNSUPPORTED_MEDIA_TYPE"));
  }

  @Test
  void whatCannotBeGivenIsNotAcceptable() {
    request()
        .accept("application/xml")
        .get("/v1/tasks")
        .then()
        .statusCode(406)
        .contentType("application/problem+json")
        .body("reason", equalTo("NOT_ACCEPTABLE"));
  }

  @Test
  void aMethodThatThePathHasNotIsNotAllowed() {
    request()
        .contentType(ContentType.JSON)
        .body("{}")
        .put("/v1/tasks")
        .then()
        .statusCode(405)
        .contentType("application/problem+json")
        .body("reason", equalTo("METHOD_NOT_ALLOWED"));
  }

  @Test
  void anUnknownPathIsAProblem() {
    request()
        .get("/v1/nothing")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("reason", equalTo("ROUTE_NOT_FOUND"));
  }

  @Test
  void anUnknownIdIsNotFoundAndANonIdIsInvalid() {
    request()
        .get("/v1/tasks/tsk_01k00000000000000000000000")
        .then()
        .statusCode(404)
        .body("reason", equalTo("TASK_NOT_FOUND"));
    request()
        .get("/v1/tasks/42")
        .then()
        .statusCode(400)
        .body("fieldViolations[0].field", equalTo("taskId"));
  }
}
