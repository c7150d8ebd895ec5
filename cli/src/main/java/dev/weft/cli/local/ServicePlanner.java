package dev.weft.cli.local;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lays out the services of a local mesh: who runs, where it listens, what it is told. Starts
 * nothing.
 */
final class ServicePlanner {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int SERVICE_HEAP = 160;

  /** Two million tasks may wait, with some 80 bytes each and what they are indexed by. */
  private static final int PLACER_HEAP = 384;

  private static final int SCALER_HEAP = 96;
  private static final int WORKER_HEAP = 128;

  private final HomeDirectory home;
  private final MeshOptions options;
  private final PortPlan ports;
  private final MeshSecrets secrets;

  ServicePlanner(HomeDirectory home, MeshOptions options, MeshSecrets secrets) {
    this.home = home;
    this.options = options;
    this.ports = new PortPlan(options.portBase());
    this.secrets = secrets;
  }

  /** Everything but the workers; they find each other in any order. */
  List<ServicePlan> services() {
    List<ServicePlan> plans = new ArrayList<>();
    for (int i = 0; i < options.replicas(); i++) {
      plans.add(registry(i));
      plans.add(router(i));
      plans.add(artifact(i));
      plans.add(gateway(i));
      if (options.scaler()) {
        plans.add(scaler(i));
      }
    }
    return List.copyOf(plans);
  }

  /** Workers dial the first gateway's public door, as one on another machine would. */
  List<ServicePlan> workers() {
    return WorkerPlan.of(options.workers()).stream().map(this::worker).toList();
  }

  private ServicePlan gateway(int replica) {
    String name = "gateway-" + replica;
    Map<String, String> environment =
        service(name, "gateway", ports.gatewayMesh(replica), ports.gatewayRest(replica));
    environment.put("WEFT_PUBLIC_GRPC_PORT", text(ports.gatewayGrpc(replica)));
    environment.put("WEFT_PUBLIC_PLAINTEXT", "true");
    environment.put("WEFT_CA_CERT_FILE", home.caCertificate().toString());
    environment.put("WEFT_CA_KEY_FILE", home.caKey().toString());
    environment.put("WEFT_MASTER_KEY_FILE", home.masterKey().toString());
    environment.put("WEFT_BOOTSTRAP_TENANT", "local");
    environment.put("WEFT_BOOTSTRAP_TOKEN_FILE", home.token().toString());
    environment.put("WEFT_BOOTSTRAP_JOIN_TOKEN_FILE", home.joinToken().toString());
    environment.put("WEFT_DOOR_WORK_PORT", text(ports.doorWork(replica)));
    environment.put("WEFT_DOOR_HEARTBEAT_PORT", text(ports.doorHeartbeat(replica)));
    environment.put("WEFT_DOOR_ARTIFACT_PORT", text(ports.doorArtifact(replica)));
    environment.put("WEFT_DOOR_GATEWAY_PORT", text(ports.doorGateway(replica)));
    environment.put("WEFT_REDIS_URL", redis());
    Map<String, Integer> listens =
        Map.of(
            "rest", ports.gatewayRest(replica),
            "grpc", ports.gatewayGrpc(replica),
            "mesh", ports.gatewayMesh(replica));
    return new ServicePlan(
        name,
        "gateway",
        "gateway",
        SERVICE_HEAP,
        environment,
        listens,
        ready(ports.gatewayRest(replica)),
        replica == 0);
  }

  private ServicePlan router(int replica) {
    String name = "router-" + replica;
    return new ServicePlan(
        name,
        "router",
        "router-svc",
        PLACER_HEAP,
        service(name, "router", ports.routerMesh(replica), ports.routerHttp(replica)),
        Map.of("mesh", ports.routerMesh(replica), "http", ports.routerHttp(replica)),
        ready(ports.routerHttp(replica)),
        replica == 0);
  }

  private ServicePlan registry(int replica) {
    String name = "registry-" + replica;
    return new ServicePlan(
        name,
        "registry",
        "registry-svc",
        SERVICE_HEAP,
        service(name, "registry", ports.registryMesh(replica), ports.registryHttp(replica)),
        Map.of("mesh", ports.registryMesh(replica), "http", ports.registryHttp(replica)),
        ready(ports.registryHttp(replica)),
        replica == 0);
  }

  private ServicePlan artifact(int replica) {
    String name = "artifact-" + replica;
    Map<String, String> environment =
        service(name, "artifact", ports.artifactMesh(replica), ports.artifactHttp(replica));
    environment.put("WEFT_ARTIFACT_DIRECTORY", home.blobs().toString());
    environment.put("WEFT_REDIS_URL", redis());
    return new ServicePlan(
        name,
        "artifact",
        "artifact-svc",
        SERVICE_HEAP,
        environment,
        Map.of("mesh", ports.artifactMesh(replica), "http", ports.artifactHttp(replica)),
        ready(ports.artifactHttp(replica)),
        replica == 0);
  }

  private ServicePlan scaler(int replica) {
    String name = "scaler-" + replica;
    Map<String, String> environment =
        service(name, "scaler", ports.scalerMesh(replica), ports.scalerHttp(replica));
    environment.put("WEFT_SCALER_POOLS_DIR", home.pools().toString());
    environment.put("WEFT_SCALER_RUN_DIR", home.run().toString());
    return new ServicePlan(
        name,
        "scaler",
        "scaler-svc",
        SCALER_HEAP,
        environment,
        Map.of("mesh", ports.scalerMesh(replica), "http", ports.scalerHttp(replica)),
        ready(ports.scalerHttp(replica)),
        replica == 0);
  }

  ServicePlan worker(WorkerPlan worker) {
    int http = ports.workerHttp(worker);
    Map<String, String> environment = new LinkedHashMap<>(common(worker.name(), http));
    environment.put("WEFT_JOIN_ADDRESS", LOOPBACK + ":" + ports.gatewayGrpc(0));
    environment.put("WEFT_JOIN_PLAINTEXT", "true");
    environment.put("WEFT_JOIN_TOKEN_FILE", home.joinToken().toString());
    environment.put("WEFT_DATA_DIR", home.worker(worker.name()).resolve("data").toString());
    environment.put("WEFT_PROFILE_FILE", WorkerProfiles.file(home, worker).toString());
    // A person who types "weft down" doesn't wait for running work.
    environment.put("WEFT_DRAIN_GRACE", "3s");
    return new ServicePlan(
        worker.name(),
        "worker",
        "worker-svc",
        WORKER_HEAP,
        environment,
        Map.of("http", http),
        ready(http),
        worker.guise() == WorkerPlan.Guise.GPU && worker.slot() == 0);
  }

  /** What services have in common. */
  private Map<String, String> service(String name, String role, int meshPort, int httpPort) {
    Map<String, String> environment = new LinkedHashMap<>(common(name, httpPort));
    environment.put("WEFT_NODE_ID", name);
    environment.put("WEFT_CELL", "0");
    environment.put("WEFT_MESH_HOST", LOOPBACK);
    environment.put("WEFT_MESH_PORT", text(meshPort));
    environment.put("WEFT_MESH_ADVERTISE", LOOPBACK + ":" + meshPort);
    environment.put("WEFT_MESH_CERT_FILE", home.certificate(name).toString());
    environment.put("WEFT_MESH_KEY_FILE", home.key(name).toString());
    environment.put("WEFT_MESH_CA_FILE", home.caCertificate().toString());
    environment.put("WEFT_DB_HOST", LOOPBACK);
    environment.put("WEFT_DB_PORT", text(ports.postgres()));
    environment.put("WEFT_DB_NAME", "weft");
    environment.put("WEFT_DB_USER", "weft_" + role);
    environment.put("WEFT_DB_PASSWORD", secrets.password("postgres." + role));
    if (options.consul()) {
      environment.put("WEFT_CONSUL_URL", "http://" + LOOPBACK + ":" + ports.consulHttp());
      environment.put("WEFT_CONSUL_TOKEN", secrets.uuid("consul.services"));
    } else {
      environment.put("WEFT_STATIC_GATEWAY", addresses(ports.gatewayMesh(0)));
      environment.put("WEFT_STATIC_ROUTER", addresses(ports.routerMesh(0)));
      environment.put("WEFT_STATIC_REGISTRY", addresses(ports.registryMesh(0)));
      environment.put("WEFT_STATIC_ARTIFACT", addresses(ports.artifactMesh(0)));
      environment.put("WEFT_STATIC_SCALER", addresses(ports.scalerMesh(0)));
    }
    return environment;
  }

  private Map<String, String> common(String name, int httpPort) {
    return Map.of(
        "QUARKUS_HTTP_HOST", LOOPBACK,
        "QUARKUS_HTTP_PORT", text(httpPort),
        // Bounded and rotated by the service itself; the console holds what comes
        // before and after.
        "QUARKUS_LOG_FILE_ENABLED", "true",
        "QUARKUS_LOG_FILE_PATH", home.logs().resolve(name + ".log").toString(),
        "QUARKUS_LOG_FILE_ROTATION_MAX_FILE_SIZE", "8M",
        "QUARKUS_LOG_FILE_ROTATION_MAX_BACKUP_INDEX", "2",
        "QUARKUS_LOG_CONSOLE_LEVEL", "ERROR");
  }

  private String redis() {
    return "redis://:" + secrets.password("redis") + "@" + LOOPBACK + ":" + ports.redis();
  }

  private String addresses(int first) {
    return IntStream.range(0, options.replicas())
        .mapToObj(i -> LOOPBACK + ":" + (first + i))
        .collect(Collectors.joining(","));
  }

  private static URI ready(int port) {
    return URI.create("http://" + LOOPBACK + ":" + port + "/q/health/ready");
  }

  private static String text(int number) {
    return Integer.toString(number);
  }
}
