package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.FleetApi;
import dev.weft.cli.client.MeshApi;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What people call the workers. */
final class WorkerNames {
  private final Map<String, String> names;

  private WorkerNames(Map<String, String> names) {
    this.names = names;
  }

  static WorkerNames read(MeshApi api) {
    return of(new FleetApi(api).workers());
  }

  static WorkerNames of(List<JsonNode> workers) {
    return new WorkerNames(
        workers.stream()
            .collect(
                Collectors.toMap(
                    worker -> worker.path("id").asText(),
                    worker -> worker.path("profile").path("name").asText(""),
                    (first, second) -> first)));
  }

  /** The name; the id itself if the mesh has forgotten the worker. */
  String of(String workerId) {
    String name = names.getOrDefault(workerId, "");
    return name.isEmpty() ? workerId : name;
  }
}
