package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.StoredContent;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.artifacts.v1.UploadHeader;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a task names must be there when it is submitted. */
class TaskInputsIT {

  private static String tree;
  private static String text;

  @BeforeAll
  static void store() {
    tree = keep("application/vnd.weft.tree");
    text = keep("text/plain");
    request()
        .contentType(ContentType.JSON)
        .body("{\"value\":\"eA==\"}")
        .put("/v1/secrets/token")
        .then()
        .statusCode(200);
  }

  @Test
  void aWorkspaceAndASecretThatAreThereAreTaken() {
    submit(request(), spec(tree, "TOKEN=secret://token"))
        .then()
        .statusCode(201)
        .body("task.spec.workspaceArtifact", equalTo(tree))
        .body("task.spec.secrets", hasSize(1));
  }

  @Test
  void aWorkspaceThatIsNotThereIsNamed() {
    String absent = "art_" + "9".repeat(26);

    submit(request(), spec(absent, null))
        .then()
        .statusCode(404)
        .body("reason", equalTo("ARTIFACT_NOT_FOUND"))
        .body("metadata.artifact_id", equalTo(absent));
  }

  @Test
  void aWorkspaceThatIsNoTreeIsRefused() {
    submit(request(), spec(text, null))
        .then()
        .statusCode(400)
        .body("reason", equalTo("INVALID_FIELD"))
        .body("fieldViolations[0].field", equalTo("spec.workspaceArtifact"));
  }

  @Test
  void anotherTenantsThingsAreNotThere() {
    String stranger = Tenants.stranger();

    submit(with(stranger), spec(tree, null))
        .then()
        .statusCode(404)
        .body("reason", equalTo("ARTIFACT_NOT_FOUND"));
    submit(with(stranger), spec("", "TOKEN=secret://token"))
        .then()
        .statusCode(404)
        .body("reason", equalTo("SECRET_NOT_FOUND"));
  }

  @Test
  void aSecretThatIsNotThereIsNamed() {
    submit(request(), spec("", "TOKEN=secret://nobody"))
        .then()
        .statusCode(404)
        .body("reason", equalTo("SECRET_NOT_FOUND"))
        .body("metadata.name", equalTo("nobody"));
  }

  @Test
  void inABatchEachItemIsJudgedByItself() {
    String body =
        "{\"requests\":[{\"spec\":"
            + spec(tree, null)
            + "},{\"spec\":"
            + spec(text, null)
            + "},{\"spec\":"
            + spec("", "T=secret://nobody")
            + "},{\"spec\":"
            + spec("", "T=secret://token")
            + "}]}";

    request()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/tasks:batch")
        .then()
        .statusCode(200)
        .body("results[0].accepted.task.spec.workspaceArtifact", equalTo(tree))
        .body("results[1].problem.reason", equalTo("INVALID_FIELD"))
        .body("results[2].problem.reason", equalTo("SECRET_NOT_FOUND"))
        .body("results[3].accepted.task.spec.secrets", hasSize(1));
  }

  private static String keep(String mediaType) {
    return neighbourhood()
        .store
        .keep(
            "acme",
            UploadHeader.newBuilder().setMediaType(mediaType).build(),
            StoredContent.of(ByteString.copyFromUtf8("x")))
        .getId();
  }

  private static String spec(String workspace, String secret) {
    return "{\"shell\":{\"argv\":[\"true\"]},\"workspaceArtifact\":\""
        + workspace
        + "\",\"secrets\":["
        + (secret == null ? "" : '"' + secret + '"')
        + "]}";
  }

  private static Response submit(RequestSpecification request, String spec) {
    return request.contentType(ContentType.JSON).body("{\"spec\":" + spec + "}").post("/v1/tasks");
  }
}
