package dev.weft.cli.local;

import dev.weft.parts.Account;
import dev.weft.parts.Binary;
import dev.weft.parts.BinaryFinder;
import dev.weft.parts.CacheDirectory;
import dev.weft.parts.FreePort;
import dev.weft.parts.PartsException;
import dev.weft.parts.RunFile;
import dev.weft.parts.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What this machine has and lacks for a local mesh, with the remedy for what it lacks. */
public final class Diagnosis {
  private static final long LEAST_DISK = 2L << 30;
  private static final long LEAST_MEMORY = 2L << 30;

  private final Path root;
  private final HomeDirectory home;
  private final Map<String, String> environment;

  public Diagnosis(Path root, HomeDirectory home, Map<String, String> environment) {
    this.root = root;
    this.home = home;
    this.environment = Map.copyOf(environment);
  }

  /** How bad it is. */
  public enum Verdict {
    OK,
    /** The mesh runs, with less. */
    LESS,
    /** {@code weft up} fetches it by itself. */
    FETCHABLE,
    MISSING
  }

  /** One thing that was looked at. */
  public record Finding(String what, Verdict verdict, String detail) {}

  /** Looks at everything. */
  public List<Finding> examine(boolean fetch) {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(built());
    BinaryFinder finder = new BinaryFinder(environment);
    for (Tool tool : Tool.values()) {
      findings.add(tool(finder, tool, fetch));
    }
    findings.add(sandbox(finder));
    findings.add(account());
    findings.add(ports());
    findings.add(disk());
    memory().ifPresent(findings::add);
    return List.copyOf(findings);
  }

  private static Finding java() {
    return new Finding(
        "Java", Verdict.OK, Runtime.version() + " in " + System.getProperty("java.home"));
  }

  private Finding built() {
    List<String> missing =
        List.of("gateway", "registry-svc", "router-svc", "artifact-svc", "scaler-svc", "worker-svc")
            .stream()
            .filter(
                module ->
                    !Files.exists(
                        root.resolve(module).resolve("target/quarkus-app/quarkus-run.jar")))
            .toList();
    return missing.isEmpty()
        ? new Finding("services", Verdict.OK, "built in " + root)
        : new Finding(
            "services", Verdict.FETCHABLE, "not built: " + missing + " (./weft up builds them)");
  }

  private static Finding tool(BinaryFinder finder, Tool tool, boolean fetch) {
    Optional<Binary> found = finder.find(tool);
    if (found.isPresent()) {
      return found(tool, found.get());
    }
    if (!fetch) {
      return new Finding(
          tool.title(),
          Verdict.FETCHABLE,
          "not on this machine; weft up fetches it once into "
              + finder.cache().root()
              + " (or: weft doctor --fetch, or install the package "
              + tool.packageName()
              + ")");
    }
    try {
      return found(tool, finder.require(tool));
    } catch (PartsException e) {
      boolean canDoWithout = tool == Tool.CONSUL || tool == Tool.BUBBLEWRAP;
      return new Finding(
          tool.title(),
          canDoWithout ? Verdict.LESS : Verdict.MISSING,
          String.valueOf(e.getMessage()));
    }
  }

  private static Finding found(Tool tool, Binary binary) {
    return binary.runs()
        ? new Finding(tool.title(), Verdict.OK, binary.version() + ", " + binary.executable())
        : new Finding(
            tool.title(),
            Verdict.MISSING,
            binary.executable() + " doesn't run: " + binary.version());
  }

  private static Finding sandbox(BinaryFinder finder) {
    Optional<Binary> bubblewrap = finder.find(Tool.BUBBLEWRAP);
    if (bubblewrap.isEmpty()) {
      return new Finding("sandbox", Verdict.LESS, "no bubblewrap yet, so not tried");
    }
    String failure = SandboxProbe.tryOut(bubblewrap.get());
    return failure.isEmpty()
        ? new Finding("sandbox", Verdict.OK, "bubblewrap makes namespaces here")
        : new Finding(
            "sandbox",
            Verdict.LESS,
            failure
                + " (allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 or an AppArmor profile for bwrap;"
                + " workers take no commands and no agents until then)");
  }

  private static Finding account() {
    return Account.unprivilegedIfRoot()
        .map(
            account ->
                new Finding(
                    "account",
                    Verdict.OK,
                    "root; PostgreSQL, which refuses root, runs as " + account.name()))
        .orElseGet(() -> new Finding("account", Verdict.OK, "an ordinary user"));
  }

  private Finding ports() {
    MeshOptions options = MeshOptions.read(home).orElse(MeshOptions.standard());
    if (RunFile.all(home.run()).stream().anyMatch(RunFile::isRunning)) {
      return new Finding("ports", Verdict.OK, "used by the mesh in " + home.root());
    }
    List<Integer> taken =
        IntStream.rangeClosed(
                options.portBase() + PortPlan.FIRST, options.portBase() + PortPlan.LAST)
            .filter(port -> !FreePort.isFree(port))
            .boxed()
            .toList();
    String range =
        (options.portBase() + PortPlan.FIRST) + " to " + (options.portBase() + PortPlan.LAST);
    return taken.isEmpty()
        ? new Finding("ports", Verdict.OK, range + " are free")
        : new Finding(
            "ports",
            Verdict.LESS,
            "in use of " + range + ": " + taken + " (choose others: weft up --port-base P)");
  }

  private Finding disk() {
    Path existing = CacheDirectory.nearestExisting(home.root());
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String text = (free >> 20) + " MiB free at " + existing;
      return free >= LEAST_DISK && Files.isWritable(existing)
          ? new Finding("disk", Verdict.OK, text)
          : new Finding("disk", Verdict.MISSING, text + " (expected: writable, at least 2 GiB)");
    } catch (IOException e) {
      return new Finding("disk", Verdict.MISSING, existing + ": " + e.getMessage());
    }
  }

  private static Optional<Finding> memory() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .map(
              free ->
                  free >= LEAST_MEMORY
                      ? new Finding("memory", Verdict.OK, (free >> 20) + " MiB available")
                      : new Finding(
                          "memory",
                          Verdict.LESS,
                          (free >> 20) + " MiB available (expected: 2048 MiB)"))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // Not Linux.
    }
  }
}
