package dev.weft.cli.local;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.parts.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a service's JVM is started: small, on the JDK that runs this command. */
final class JavaLauncher {
  /** These are for the command line; a service has no use for them. */
  private static final Set<String> OWN =
      Set.of(
          "WEFT_HOME",
          "WEFT_URL",
          "WEFT_TOKEN",
          "WEFT_TOKEN_FILE",
          "WEFT_JAVA_OPTIONS",
          "WEFT_RESIDENT",
          "WEFT_RESIDENT_IDLE");

  private static final List<String> PASSED_ON = List.of("WEFT_", "QUARKUS_", "OTEL_");

  /**
   * Many JVMs share one machine: each keeps little more than it uses, and gives back what it
   * doesn't.
   */
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms16m",
          "-Xmn12m",
          "-XX:SurvivorRatio=2",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=25",
          "-Xss512k",
          "-XX:MaxDirectMemorySize=64m",
          "-XX:ReservedCodeCacheSize=64m",
          "-XX:+UseCompactObjectHeaders",
          "-XX:TrimNativeHeapInterval=10000",
          // The JDK's own class archive is then one copy for all of them.
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          "-XX:+ExitOnOutOfMemoryError");

  /**
   * What passes through lives for some ten milliseconds: where it has no room to die young, it
   * fills the old generation and is collected at a high price; and each collection looks through
   * what the placer keeps of every waiting task.
   */
  private static final List<String> STREAMING =
      List.of("-Xms40m", "-Xmn24m", "-XX:MaxHeapFreeRatio=40");

  private static final Set<String> STREAMING_ROLES = Set.of("artifact", "gateway", "router");

  private final Path root;
  private final HomeDirectory home;
  private final Map<String, String> environment;
  private final BinaryFinder finder;

  /**
   * @param root the checkout with the built services
   */
  JavaLauncher(
      Path root, HomeDirectory home, Map<String, String> environment, BinaryFinder finder) {
    this.root = root;
    this.home = home;
    this.environment = Map.copyOf(environment);
    this.finder = finder;
  }

  Launch launch(ServicePlan plan) {
    Path jar = root.resolve(plan.module()).resolve("target/quarkus-app/quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new MeshFailure("not built: " + jar + " (build it with: ./weft without --no-build)");
    }
    return new Launch(
        command(plan, jar),
        environment(plan),
        home.root(),
        home.logs().resolve(plan.name() + ".out"),
        Lifetime.DETACHED,
        Optional.empty());
  }

  private List<String> command(ServicePlan plan, Path jar) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    if (STREAMING_ROLES.contains(plan.role())) {
      command.addAll(STREAMING);
    }
    command.add("-Xmx" + plan.heapMegabytes() + "m");
    command.addAll(ofUser());
    command.addAll(new ClassArchive(jar).flags(plan.firstOfItsKind()));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-jar",
            jar.toString()));
    return command;
  }

  /** WEFT_JAVA_OPTIONS, divided at blanks; of two that disagree the JVM takes the last. */
  private List<String> ofUser() {
    return Arrays.stream(environment.getOrDefault("WEFT_JAVA_OPTIONS", "").split("\\s+"))
        .filter(option -> !option.isEmpty())
        .toList();
  }

  private Map<String, String> environment(ServicePlan plan) {
    Map<String, String> all = new LinkedHashMap<>();
    environment.forEach(
        (key, value) -> {
          boolean wanted = PASSED_ON.stream().anyMatch(key::startsWith) && !OWN.contains(key);
          if (wanted && value.indexOf('\n') < 0) {
            all.put(key, value);
          }
        });
    for (String name : List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")) {
      Optional.ofNullable(environment.get(name)).ifPresent(value -> all.put(name, value));
    }
    if (plan.role().equals("worker")) {
      addBubblewrap(all);
    }
    all.putIfAbsent("WEFT_LOG_JSON", "true"); // The log files; what the console gets stays text.
    all.put("MALLOC_ARENA_MAX", "2");
    all.putAll(plan.environment());
    return all;
  }

  /** One that was fetched isn't on the PATH. */
  private void addBubblewrap(Map<String, String> all) {
    finder
        .find(Tool.BUBBLEWRAP)
        .filter(binary -> binary.origin().equals("cache"))
        .ifPresent(
            binary -> {
              all.put("WEFT_BWRAP", binary.executable().toString());
              all.putAll(binary.environment());
            });
  }
}
