package dev.weft.images;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the images of the services differ in. */
enum ServiceImage {
  REGISTRY("registry-svc", "Registry", Map.of("http", 7140, "mesh", 7120)),
  ROUTER("router-svc", "Router", Map.of("http", 7130, "mesh", 7110)),
  ARTIFACT("artifact-svc", "Artifacts", Map.of("http", 7190, "mesh", 7180)),
  SCALER("scaler-svc", "Scaler", Map.of("http", 7210, "mesh", 7200)),
  GATEWAY("gateway", "Gateway", Map.of("http", 7080, "mesh", 7100, "grpc", 7090)),
  /** Dials out only; its health page stays on its loopback. */
  WORKER("worker-svc", "Worker", Map.of());

  /** Where the service is in its image. */
  static final String HOME = "/app";

  private final String module;
  private final String title;
  private final Map<String, Integer> ports;

  ServiceImage(String module, String title, Map<String, Integer> ports) {
    this.module = module;
    this.title = title;
    this.ports = ports;
  }

  /** {@code all}, or modules separated by commas. */
  static List<ServiceImage> parse(String text) {
    if (text.equals("all")) {
      return List.of(values());
    }
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .map(ServiceImage::of)
        .distinct()
        .sorted()
        .toList();
  }

  private static ServiceImage of(String module) {
    return Arrays.stream(values())
        .filter(service -> service.module.equals(module))
        .findFirst()
        .orElseThrow(
            () ->
                new ImageException(
                    "image: "
                        + module
                        + " (expected: all, or of "
                        + Arrays.stream(values())
                            .map(ServiceImage::module)
                            .collect(Collectors.joining(", "))
                        + ")"));
  }

  /** The folder it is built in. */
  String module() {
    return module;
  }

  String title() {
    return "Weft " + title;
  }

  Map<String, Integer> ports() {
    return ports;
  }

  boolean runsSandboxes() {
    return this == WORKER;
  }

  /** Reachable from outside the container, on fixed ports; everything else is the operator's. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    if (ports.containsKey("mesh")) {
      environment.put("QUARKUS_HTTP_HOST", "0.0.0.0");
      environment.put("WEFT_MESH_HOST", "0.0.0.0");
      environment.put("WEFT_MESH_PORT", Integer.toString(ports.getOrDefault("mesh", 0)));
    } else {
      environment.put("WEFT_DATA_DIR", BaseImages.DATA);
    }
    return environment;
  }

  /**
   * The flags of a local mesh's services, with the heap from the container's limit. What more is
   * wanted goes into JAVA_TOOL_OPTIONS, where -Xmx beats the share.
   */
  List<String> entrypoint() {
    List<String> command = new ArrayList<>(List.of(JavaRuntime.HOME + "/bin/java"));
    command.addAll(JavaRuntime.ARCHIVED_FLAGS);
    command.addAll(
        List.of(
            "-XX:MaxRAMPercentage=60",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-jar",
            HOME + "/quarkus-run.jar"));
    return List.copyOf(command);
  }
}
