package dev.weft.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.FleetApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.TaskView;

/** What the mesh itself says, to check claims against. */
record MeshView(MeshApi api) {

  TaskView task(String taskId) {
    return new TaskView(api.task(taskId));
  }

  /** Newest first. */
  JsonNode decisions(String taskId) {
    return api.decisions(taskId);
  }

  /** What people call a worker. */
  String name(String workerId) {
    return new FleetApi(api)
        .workers().stream()
            .filter(worker -> worker.path("id").asText().equals(workerId))
            .map(worker -> worker.path("profile").path("name").asText())
            .findFirst()
            .orElse(workerId);
  }
}
