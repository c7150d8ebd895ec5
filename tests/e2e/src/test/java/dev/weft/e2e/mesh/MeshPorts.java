package dev.weft.e2e.mesh;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where the processes of a mesh listen for each other, as their environment says. */
public final class MeshPorts {

  /** Of doors that only the service itself opens. */
  private static final List<String> DOORS =
      List.of(
          "WEFT_MESH_PORT",
          "WEFT_PUBLIC_GRPC_PORT",
          "WEFT_DOOR_WORK_PORT",
          "WEFT_DOOR_HEARTBEAT_PORT",
          "WEFT_DOOR_ARTIFACT_PORT",
          "WEFT_DOOR_GATEWAY_PORT",
          "QUARKUS_HTTP_PORT");

  private final LocalMesh mesh;

  public MeshPorts(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** All that the service of this name listens at. */
  public List<Integer> of(String process) {
    Map<String, String> environment = mesh.environment(process);
    return DOORS.stream()
        .map(environment::get)
        .filter(port -> port != null && !port.equals("0"))
        .map(Integer::valueOf)
        .toList();
  }

  /** Where services hear each other, and workers. */
  public List<Integer> ofServices(String role) {
    return mesh.processes().stream()
        .filter(process -> process.name().startsWith(role + "-"))
        .map(process -> Integer.valueOf(mesh.environment(process.name()).get("WEFT_MESH_PORT")))
        .toList();
  }

  public int postgres() {
    return Integer.parseInt(mesh.environment("router-0").get("WEFT_DB_PORT"));
  }

  public int redis() {
    return URI.create(mesh.environment("gateway-0").get("WEFT_REDIS_URL")).getPort();
  }

  public int consul() {
    return URI.create(mesh.environment("router-0").get("WEFT_CONSUL_URL")).getPort();
  }

  /** Of every process, and of PostgreSQL, Redis and Consul, but for these processes. */
  public List<Integer> allBut(List<String> processes) {
    return Stream.concat(
            Stream.of(postgres(), redis(), consul()),
            mesh.processes().stream()
                .map(MeshProcess::name)
                .filter(name -> !processes.contains(name))
                .flatMap(name -> of(name).stream()))
        .distinct()
        .toList();
  }
}
