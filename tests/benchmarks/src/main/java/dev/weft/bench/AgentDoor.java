package dev.weft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Agents over the public REST door. */
record AgentDoor(Mesh mesh) {

  private static final long MEMORY_BYTES = 128L << 20;
  private static final long DISK_BYTES = 64L << 20;

  /**
   * An agent that has just been asked for.
   *
   * @param ticket opens one session of it
   */
  record Spawned(String id, String ticket) {}

  /** What an agent is unless it says otherwise. */
  static ObjectNode standard() {
    return Mesh.JSON.createObjectNode().put("displayName", "bench");
  }

  /** One of which many fit on a worker. */
  static ObjectNode small() {
    ObjectNode spec = standard().put("idleTimeout", "3600s");
    spec.putObject("resources")
        .put("cpuMilli", 1)
        .put("memoryBytes", Long.toString(MEMORY_BYTES))
        .put("diskBytes", Long.toString(DISK_BYTES));
    return spec;
  }

  /** One that waits, since nobody serves its queue. */
  static ObjectNode waiting() {
    return small().put("queue", "bench-nobody");
  }

  Spawned spawn(ObjectNode spec) throws IOException {
    ObjectNode request =
        Mesh.JSON.createObjectNode().put("requestId", UUID.randomUUID().toString());
    request.set("spec", spec);
    JsonNode answer = post("/v1/agents", request);
    return new Spawned(
        answer.path("agent").path("agentId").asText(),
        answer.path("ticket").path("ticket").asText());
  }

  /** As it is now. */
  JsonNode get(String id) throws IOException {
    return mesh.get("/v1/agents/" + id).path("agent");
  }

  void hibernate(String id) throws IOException {
    post("/v1/agents/" + id + ":hibernate", Mesh.JSON.createObjectNode());
  }

  void terminate(String id) throws IOException {
    post("/v1/agents/" + id + ":terminate", Mesh.JSON.createObjectNode());
  }

  private JsonNode post(String path, ObjectNode request) throws IOException {
    byte[] body = Mesh.JSON.writeValueAsBytes(request);
    String headers = "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n";
    try (Http answer =
        Http.open(mesh.rest(path), "POST", mesh.token(), headers, out -> out.write(body))) {
      byte[] said = answer.readAll();
      if (answer.status() / 100 != 2) {
        throw new BenchFailure(
            path + ": " + answer.status() + " " + new String(said, StandardCharsets.UTF_8));
      }
      return Mesh.JSON.readTree(said);
    }
  }
}
