package dev.weft.worker.profile;

import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.domain.WorkerProfile.Browser;
import dev.weft.worker.domain.WorkerProfile.Capability;
import dev.weft.worker.domain.WorkerProfile.CodeAnalysis;
import dev.weft.worker.domain.WorkerProfile.Execution;
import dev.weft.worker.domain.WorkerProfile.Gpu;
import dev.weft.worker.domain.WorkerProfile.Hardware;
import dev.weft.worker.domain.WorkerProfile.Identity;
import dev.weft.worker.domain.WorkerProfile.Isolation;
import dev.weft.worker.domain.WorkerProfile.LlmModel;
import dev.weft.worker.domain.WorkerProfile.Network;
import dev.weft.worker.domain.WorkerProfile.Place;
import dev.weft.worker.domain.WorkerProfile.Price;
import dev.weft.worker.domain.WorkerProfile.Skills;
import dev.weft.worker.domain.WorkerProfile.TaskLimits;
import dev.weft.worker.domain.WorkerProfile.Virtualization;
import dev.weft.worker.domain.WorkerProfile.VisionModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the profile file (YAML; the README lists its keys) over what the machine has. */
public final class ProfileReader {

  private static final long MIB = 1024L * 1024;
  private static final int NOOP_SLOTS = 1024;
  private static final String DEFAULT_QUEUE = "default";
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9_-]{1,63}");

  private final Machine machine;
  private final List<String> queues;

  /** What probing found. */
  public record Machine(Hardware hardware, Probed probed, String version) {}

  /** How commands can be run here. */
  public record Probed(SandboxLevel level, LimitsScope scope) {

    /** No command can be run. */
    public static final Probed NO_SANDBOX = new Probed(SandboxLevel.NONE, LimitsScope.PROCESS);
  }

  /**
   * @param queues that stand in place of the file's; empty leaves these
   */
  public ProfileReader(Machine machine, List<String> queues) {
    this.machine = machine;
    this.queues = List.copyOf(queues);
  }

  /**
   * @throws ProfileException naming the key that is wrong
   */
  public WorkerProfile read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new ProfileException("profile file " + file + ": can't be read", e);
    }
  }

  WorkerProfile parse(String text) {
    Object document;
    try {
      document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    } catch (YAMLException e) {
      throw new ProfileException("profile: not YAML: " + e.getMessage(), e);
    }
    Node root = Node.of("", document);
    Hardware hardware =
        SystemReserve.of(root.block("system_reserve")).leaves(hardware(root.block("hardware")));
    WorkerProfile profile =
        new WorkerProfile(
            identity(root),
            capabilities(root),
            hardware,
            place(root.block("location")),
            price(root.block("price")),
            skills(root),
            execution(root, hardware));
    root.close();
    return profile;
  }

  private Identity identity(Node root) {
    Node labels = root.block("labels");
    return new Identity(
        root.text("name"), root.text("kind", "generic"), machine.version(), labels.allTexts());
  }

  private static List<Capability> capabilities(Node root) {
    return each(
        root.blocks("capabilities"),
        node -> new Capability(node.text("name"), node.fraction("proficiency", 1, 1)));
  }

  private Hardware hardware(Node node) {
    Hardware found = machine.hardware();
    List<Gpu> gpus = found.gpus();
    if (node.has("gpus")) {
      gpus = new ArrayList<>();
      for (Node gpu : node.blocks("gpus")) {
        Gpu each = new Gpu(gpu.text("model"), gpu.amount("memory_mb", 0) * MIB);
        for (int i = 0; i < gpu.count("count", 1); i++) {
          gpus.add(each);
        }
        gpu.close();
      }
    }
    Hardware hardware =
        new Hardware(
            node.count("cpu_milli", found.cpuMilli()),
            node.amount("memory_mb", found.memoryBytes() / MIB) * MIB,
            node.amount("disk_mb", found.diskBytes() / MIB) * MIB,
            List.copyOf(gpus));
    node.close();
    return hardware;
  }

  private static Place place(Node node) {
    return closing(
        node,
        new Place(
            node.text("region", ""),
            node.text("site", ""),
            Duration.ofMillis(node.amount("latency_ms", 0))));
  }

  /** Without an amount it is not known; who is free says 0. */
  private static Price price(Node node) {
    String currency = node.text("currency", "USD");
    if (!node.has("micros_per_hour")) {
      if (node.has("currency")) {
        throw new ProfileException(
            "price.micros_per_hour: missing (expected: a whole number >= 0, or no price at all)");
      }
      node.amount("micros_per_hour", 0);
      return closing(node, Price.UNKNOWN);
    }
    return closing(node, new Price(node.amount("micros_per_hour", 0), currency));
  }

  private static Skills skills(Node root) {
    return new Skills(
        each(
            root.blocks("llm_inference"),
            node ->
                new LlmModel(
                    node.text("model"),
                    node.count("max_context", 0),
                    node.fraction("tokens_per_second", 0, 1e9),
                    node.count("concurrent_requests", 1))),
        each(
            root.blocks("vision_models"),
            node ->
                new VisionModel(
                    node.text("model"),
                    node.flag("supports_ocr", false),
                    node.flag("supports_image_gen", false))),
        each(
            root.blocks("code_analysis"),
            node -> new CodeAnalysis(node.text("tool"), node.texts("language_support"))),
        root.optionalBlock("browser_automation").map(ProfileReader::browser),
        root.optionalBlock("network").map(ProfileReader::network),
        root.optionalBlock("virtualization").map(ProfileReader::virtualization));
  }

  private static Browser browser(Node node) {
    return closing(
        node,
        new Browser(
            node.text("tool"),
            node.flag("headless", true),
            node.count("vnc_port", 0),
            node.flag("recording", false),
            node.count("concurrent_sessions", 1)));
  }

  private static Network network(Node node) {
    return closing(
        node,
        new Network(
            node.count("bandwidth_mbps", 0),
            node.flag("proxy_support", false),
            node.flag("captcha_solving", false)));
  }

  private static Virtualization virtualization(Node node) {
    return closing(
        node,
        new Virtualization(
            node.text("platform"),
            node.count("concurrent_vms", 1),
            Duration.ofMillis(node.amount("boot_time_ms", 0)),
            node.flag("snapshot_support", false)));
  }

  private Execution execution(Node root, Hardware hardware) {
    boolean sandboxed = machine.probed().level() != SandboxLevel.NONE;
    Node isolation = root.block("isolation");
    Node limits = root.block("limits");
    Execution execution =
        new Execution(
            slots(root.optionalBlock("executors"), sandboxed, hardware),
            queues(root.texts("queues"), queues),
            machine.probed().level(),
            machine.probed().scope(),
            root.flag("network_open", false),
            new Isolation(
                isolation.flag("network", sandboxed), isolation.flag("filesystem", sandboxed)),
            new TaskLimits(
                limits.amount("max_memory_mb", 2048) * MIB,
                (int) Math.round(limits.fraction("max_vcpu", 2, 100_000) * 1000),
                limits.amount("max_disk_mb", 10_240) * MIB));
    isolation.close();
    limits.close();
    return execution;
  }

  /** A worker that names none serves the default queue alone. */
  private static List<String> queues(List<String> ofFile, List<String> ofStart) {
    List<String> named = ofStart.isEmpty() ? ofFile : ofStart;
    for (String queue : named) {
      if (!QUEUE.matcher(queue).matches()) {
        throw new ProfileException("queues: " + queue + " (expected: " + QUEUE.pattern() + ")");
      }
    }
    return named.isEmpty() ? List.of(DEFAULT_QUEUE) : named.stream().distinct().toList();
  }

  /** Commands are offered only where a sandbox was found to hold. */
  private static Map<String, Integer> slots(
      Optional<Node> executors, boolean sandboxed, Hardware hardware) {
    Map<String, Integer> slots = new HashMap<>();
    int usual = Math.max(1, hardware.cpuMilli() / 1000);
    executors.ifPresentOrElse(
        node -> {
          int shells = node.count(Work.Shell.KIND, usual);
          slots.put(Work.Shell.KIND, shells);
          slots.put(Work.Agent.KIND, node.count(Work.Agent.KIND, shells));
          slots.put(Work.Noop.KIND, node.count(Work.Noop.KIND, NOOP_SLOTS));
          node.close();
        },
        () -> {
          slots.put(Work.Shell.KIND, usual);
          slots.put(Work.Agent.KIND, usual);
          slots.put(Work.Noop.KIND, NOOP_SLOTS);
        });
    if (!sandboxed) {
      slots.remove(Work.Shell.KIND);
      slots.remove(Work.Agent.KIND);
    }
    slots.values().removeIf(count -> count == 0);
    return slots;
  }

  private static <T> List<T> each(List<Node> nodes, java.util.function.Function<Node, T> read) {
    return nodes.stream().map(node -> closing(node, read.apply(node))).toList();
  }

  private static <T> T closing(Node node, T value) {
    node.close();
    return value;
  }
}
