package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.anonymous;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.weft.proto.access.v1.CreateTokenRequest;
import dev.weft.proto.access.v1.ListSecretsResponse;
import dev.weft.proto.access.v1.ListTokensResponse;
import dev.weft.proto.access.v1.PutSecretRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsResponse;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.artifacts.v1.UploadArtifactResponse;
import dev.weft.proto.costs.v1.EstimateAgentCostsResponse;
import dev.weft.proto.costs.v1.ListCostsResponse;
import dev.weft.proto.mesh.v1.GetStatusResponse;
import dev.weft.proto.placement.v1.GetPlacementPolicyResponse;
import dev.weft.proto.placement.v1.ListPlacementPoliciesResponse;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import dev.weft.proto.placement.v1.SetPlacementPolicyRequest;
import dev.weft.proto.pools.v1.GetPoolResponse;
import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.BatchSubmitTasksResponse;
import dev.weft.proto.tasks.v1.GetTaskResponse;
import dev.weft.proto.tasks.v1.ListDeadLettersResponse;
import dev.weft.proto.tasks.v1.ListDecisionsResponse;
import dev.weft.proto.tasks.v1.RedriveDeadLettersRequest;
import dev.weft.proto.tasks.v1.RedriveDeadLettersResponse;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.workers.v1.ListWorkersResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The description of the API against the contract and against what is really answered. */
class OpenApiIT {

  /** What the paths answer that answer no message. */
  private static final Map<String, String> STREAMS =
      Map.of(
          "WatchTask", "text/event-stream",
          "ReadOutput", "text/plain",
          "WatchAgent", "text/event-stream",
          "OpenSession", "weft.session.v1",
          "DownloadArtifact", "application/octet-stream",
          "HeadArtifact", "application/octet-stream");

  private static JsonObject api;

  @BeforeAll
  static void read() {
    api =
        new JsonObject(
            anonymous().get("/q/openapi?format=json").then().statusCode(200).extract().asString());
  }

  @Test
  void everyPathOfTheDoorIsDescribed() {
    Set<String> operations = new TreeSet<>();
    for (String path : paths().fieldNames()) {
      for (String method : paths().getJsonObject(path).fieldNames()) {
        operations.add(method + " " + path);
      }
    }

    assertThat(operations)
        .containsExactlyInAnyOrder(
            "post /v1/tasks",
            "get /v1/tasks",
            "post /v1/tasks:batch",
            "get /v1/tasks/{taskId}",
            "delete /v1/tasks/{taskId}",
            "post /v1/tasks/{taskId}:cancel",
            "get /v1/tasks/{taskId}/decisions",
            "get /v1/tasks/{taskId}/events",
            "post /agents/spawn",
            "post /v1/agents",
            "get /v1/agents",
            "get /v1/agents/{agentId}",
            "delete /v1/agents/{agentId}",
            "post /v1/agents/{agentId}:hibernate",
            "post /v1/agents/{agentId}:wake",
            "post /v1/agents/{agentId}:terminate",
            "post /v1/agents/{agentId}:ticket",
            "post /v1/agents/{agentId}:snapshot",
            "post /v1/agents/{agentId}:fork",
            "get /v1/agents/{agentId}/memory",
            "get /v1/agents/{agentId}/memory/{key}",
            "put /v1/agents/{agentId}/memory/{key}",
            "delete /v1/agents/{agentId}/memory/{key}",
            "get /v1/agents/{agentId}/events",
            "get /v1/agents/{agentId}/session",
            "get /v1/dead-letters",
            "delete /v1/dead-letters/{taskId}",
            "post /v1/dead-letters/{taskId}:redrive",
            "post /v1/dead-letters:redrive",
            "post /v1/dead-letters:purge",
            "get /v1/costs",
            "get /v1/costs:estimate",
            "get /v1/budgets",
            "get /v1/budgets/{tenant}",
            "put /v1/budgets/{tenant}",
            "delete /v1/budgets/{tenant}",
            "get /v1/model-prices",
            "put /v1/model-prices",
            "delete /v1/model-prices",
            "get /v1/limits",
            "get /v1/limits/{tenant}",
            "put /v1/limits/{tenant}",
            "delete /v1/limits/{tenant}",
            "post /v1/limits:acquire",
            "get /v1/placement/policy",
            "put /v1/placement/policy",
            "get /v1/placement/policies",
            "post /v1/placement:replay",
            "get /v1/shards",
            "get /v1/workers",
            "get /v1/workers/{workerId}",
            "get /v1/workers/{workerId}/health",
            "post /v1/workers/{workerId}:drain",
            "post /v1/workers/{workerId}:revoke",
            "get /v1/tasks/{taskId}/logs",
            "get /v1/artifacts",
            "put /v1/artifacts",
            "post /v1/artifacts",
            "get /v1/artifacts/{artifactId}",
            "delete /v1/artifacts/{artifactId}",
            "get /v1/artifacts/{artifactId}/content",
            "head /v1/artifacts/{artifactId}/content",
            "post /v1/blobs:missing",
            "get /v1/pools",
            "get /v1/pools/{name}",
            "put /v1/pools/{name}",
            "get /v1/secrets",
            "put /v1/secrets/{name}",
            "delete /v1/secrets/{name}",
            "get /v1/status",
            "post /v1/tokens",
            "get /v1/tokens",
            "delete /v1/tokens/{tokenId}",
            "post /v1/join-tokens",
            "delete /v1/join-tokens/{joinTokenId}");
  }

  @Test
  void everyOperationHasItsBodyItsAnswerItsProblemAndItsLock() {
    for (JsonObject operation : operations()) {
      String id = operation.getString("operationId");
      JsonObject responses = operation.getJsonObject("responses");
      assertThat(id).isNotBlank();
      assertThat(operation.getString("summary")).as(id).isNotBlank();
      assertThat(operation.getJsonArray("security").encode()).as(id).contains("bearer");
      assertThat(responses.getJsonObject("default").encode())
          .as(id)
          .contains("application/problem+json");
      assertThat(responses.fieldNames())
          .as(id)
          .anyMatch(status -> status.startsWith("2") || status.equals("101"));
      assertThat(responses.encode())
          .as(id)
          .contains(STREAMS.getOrDefault(id, "#/components/schemas/weft."));
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    Set<String> references = new HashSet<>();
    collect(api, references);

    assertThat(references).hasSizeGreaterThan(20);
    assertThat(references)
        .allMatch(
            reference ->
                schemas().containsKey(reference.substring("#/components/schemas/".length())));
  }

  @Test
  void theSchemasAreTheContractsMessagesFieldByField() {
    Set<String> seen = new HashSet<>();
    for (Descriptor root :
        List.of(
            BatchSubmitTasksRequest.getDescriptor(),
            BatchSubmitTasksResponse.getDescriptor(),
            GetTaskResponse.getDescriptor(),
            ListDecisionsResponse.getDescriptor(),
            ListDeadLettersResponse.getDescriptor(),
            ListCostsResponse.getDescriptor(),
            EstimateAgentCostsResponse.getDescriptor(),
            GetPlacementPolicyResponse.getDescriptor(),
            SetPlacementPolicyRequest.getDescriptor(),
            ListPlacementPoliciesResponse.getDescriptor(),
            ReplayPlacementRequest.getDescriptor(),
            ReplayPlacementResponse.getDescriptor(),
            RedriveDeadLettersRequest.getDescriptor(),
            RedriveDeadLettersResponse.getDescriptor(),
            TaskEvent.getDescriptor(),
            ListWorkersResponse.getDescriptor(),
            CreateTokenRequest.getDescriptor(),
            ListTokensResponse.getDescriptor(),
            UploadArtifactResponse.getDescriptor(),
            ListArtifactsResponse.getDescriptor(),
            ReadOutputResponse.getDescriptor(),
            GetPoolResponse.getDescriptor(),
            PutSecretRequest.getDescriptor(),
            ListSecretsResponse.getDescriptor(),
            GetStatusResponse.getDescriptor())) {
      compare(root, seen);
    }
    assertThat(seen).hasSizeGreaterThan(30);
  }

  @Test
  void whatIsAnsweredIsWhatIsDescribed() {
    String id =
        request()
            .contentType("application/json")
            .body(
                "{\"spec\":{\"shell\":{\"argv\":[\"a\"],\"environment\":{\"A\":\"b\"},\"files\":[{\"path\":\"x\",\"content\":\"aGk=\"}]},\"timeout\":\"1.5s\",\"retryPolicy\":{\"maxRetries\":2}}}")
            .post("/v1/tasks")
            .path("task.id");
    for (String path :
        List.of(
            "/v1/tasks/" + id,
            "/v1/tasks",
            "/v1/dead-letters",
            "/v1/tasks/" + id + "/decisions",
            "/v1/workers",
            "/v1/workers/sandbox-01",
            "/v1/status",
            "/v1/costs:estimate",
            "/v1/budgets",
            "/v1/limits",
            "/v1/shards",
            "/v1/pools",
            "/v1/secrets",
            "/v1/artifacts",
            "/v1/tokens")) {
      JsonObject answer =
          new JsonObject(request().get(path).then().statusCode(200).extract().asString());
      String described = path.replace(id, "{taskId}").replace("sandbox-01", "{workerId}");
      String schema =
          paths()
              .getJsonObject(described)
              .getJsonObject("get")
              .getJsonObject("responses")
              .getJsonObject("200")
              .getJsonObject("content")
              .getJsonObject("application/json")
              .getJsonObject("schema")
              .getString("$ref");

      assertThat(faults(answer, schemas().getJsonObject(name(schema)), path)).isEmpty();
    }
  }

  private static List<String> faults(Object value, JsonObject schema, String at) {
    List<String> faults = new ArrayList<>();
    if (schema.containsKey("$ref")) {
      return faults(value, schemas().getJsonObject(name(schema.getString("$ref"))), at);
    }
    String type = schema.getString("type");
    switch (value) {
      case JsonObject object -> {
        if (!"object".equals(type)) {
          faults.add(at + ": an object, described as " + type);
        }
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        for (Map.Entry<String, Object> entry : object) {
          String path = at + "." + entry.getKey();
          if (properties.containsKey(entry.getKey())) {
            faults.addAll(faults(entry.getValue(), properties.getJsonObject(entry.getKey()), path));
          } else if (schema.getValue("additionalProperties") instanceof JsonObject more) {
            faults.addAll(faults(entry.getValue(), more, path));
          } else {
            faults.add(path + ": not described");
          }
        }
      }
      case JsonArray array -> {
        for (int i = 0; i < array.size(); i++) {
          faults.addAll(
              faults(array.getValue(i), schema.getJsonObject("items"), at + "[" + i + "]"));
        }
      }
      case String text -> {
        if (!"string".equals(type)) {
          faults.add(at + ": a string, described as " + type);
        } else if (schema.containsKey("enum") && !schema.getJsonArray("enum").contains(text)) {
          faults.add(at + ": " + text + ", described as " + schema.getJsonArray("enum"));
        } else if (schema.containsKey("pattern") && !text.matches(schema.getString("pattern"))) {
          faults.add(at + ": " + text + ", described as " + schema.getString("pattern"));
        }
      }
      case Integer number when !"integer".equals(type) && !"number".equals(type) ->
          faults.add(at + ": " + number + ", described as " + type);
      case Double number when !"number".equals(type) ->
          faults.add(at + ": " + number + ", described as " + type);
      case Boolean flag when !"boolean".equals(type) ->
          faults.add(at + ": " + flag + ", described as " + type);
      default -> {}
    }
    return faults;
  }

  private static void compare(Descriptor message, Set<String> seen) {
    String name = message.getFullName();
    boolean wellKnown =
        name.equals(Timestamp.getDescriptor().getFullName())
            || name.equals(Duration.getDescriptor().getFullName());
    if (wellKnown || message.getOptions().getMapEntry() || !seen.add(name)) {
      return;
    }
    JsonObject schema = schemas().getJsonObject(name);
    assertThat(schema).as(name).isNotNull();
    Set<String> described =
        message.getFields().isEmpty() ? Set.of() : schema.getJsonObject("properties").fieldNames();
    assertThat(described)
        .as(name)
        .isEqualTo(
            message.getFields().stream()
                .map(FieldDescriptor::getJsonName)
                .collect(Collectors.toSet()));
    for (FieldDescriptor field : message.getFields()) {
      JsonObject property = schema.getJsonObject("properties").getJsonObject(field.getJsonName());
      assertThat(property.getString("type", "object"))
          .as(field.getFullName())
          .isEqualTo(field.isRepeated() && !field.isMapField() ? "array" : type(field));
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        compare(field.getMessageType(), seen);
      }
    }
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> "integer";
      case FLOAT, DOUBLE -> "number";
      case BOOLEAN -> "boolean";
      case LONG, STRING, BYTE_STRING, ENUM -> "string";
      case MESSAGE ->
          field.getMessageType().getFile().getPackage().equals("google.protobuf")
              ? "string"
              : "object";
    };
  }

  private static void collect(Object node, Set<String> references) {
    if (node instanceof JsonObject object) {
      if (object.getValue("$ref") instanceof String reference) {
        references.add(reference);
      }
      object.forEach(entry -> collect(entry.getValue(), references));
    } else if (node instanceof JsonArray array) {
      array.forEach(entry -> collect(entry, references));
    }
  }

  private static List<JsonObject> operations() {
    return paths().fieldNames().stream()
        .map(path -> paths().getJsonObject(path))
        .flatMap(path -> path.fieldNames().stream().map(path::getJsonObject))
        .toList();
  }

  private static JsonObject paths() {
    return api.getJsonObject("paths");
  }

  private static JsonObject schemas() {
    return api.getJsonObject("components").getJsonObject("schemas");
  }

  private static String name(String reference) {
    return reference.substring(reference.lastIndexOf('/') + 1);
  }
}
