package dev.weft.worker.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker says of itself. Facts of the machine are probed; the rest is its operator's word.
 */
public record WorkerProfile(
    Identity identity,
    List<Capability> capabilities,
    Hardware hardware,
    Place place,
    Price price,
    Skills skills,
    Execution execution) {

  /**
   * @param name for people, unique in the mesh while connected
   * @param kind for example gpu, browser, sandbox
   */
  public record Identity(String name, String kind, String version, Map<String, String> labels) {}

  /** A skill and how good the worker is at it, 0…1. */
  public record Capability(String name, double proficiency) {}

  public record Hardware(int cpuMilli, long memoryBytes, long diskBytes, List<Gpu> gpus) {}

  public record Gpu(String model, long memoryBytes) {}

  /**
   * @param region for machines, for example ap-northeast-1
   * @param site for people, for example Tokyo, Japan
   * @param latency until the first measured one
   */
  public record Place(String region, String site, Duration latency) {}

  /**
   * Millionths of a currency's unit per hour.
   *
   * @param currency empty when the price is not known, which is not the same as free
   */
  public record Price(long microsPerHour, String currency) {

    /** The profile names none. */
    public static final Price UNKNOWN = new Price(0, "");
  }

  /** What it can do besides running commands. */
  public record Skills(
      List<LlmModel> llmModels,
      List<VisionModel> visionModels,
      List<CodeAnalysis> codeAnalysis,
      Optional<Browser> browser,
      Optional<Network> network,
      Optional<Virtualization> virtualization) {}

  public record LlmModel(
      String model, int maxContext, double tokensPerSecond, int concurrentRequests) {}

  public record VisionModel(String model, boolean ocr, boolean imageGeneration) {}

  public record CodeAnalysis(String tool, List<String> languages) {}

  public record Browser(
      String tool, boolean headless, int vncPort, boolean recording, int concurrentSessions) {}

  public record Network(int bandwidthMbps, boolean proxy, boolean captchaSolving) {}

  public record Virtualization(
      String platform, int concurrentVms, Duration bootTime, boolean snapshots) {}

  /**
   * How it runs commands.
   *
   * @param slots executor kind to the most of it at once
   * @param queues whose tasks it takes, at least one
   * @param networkOpen tasks may use the worker's own network
   */
  public record Execution(
      Map<String, Integer> slots,
      List<String> queues,
      SandboxLevel sandboxLevel,
      LimitsScope limitsScope,
      boolean networkOpen,
      Isolation isolation,
      TaskLimits taskLimits) {}

  public record Isolation(boolean network, boolean filesystem) {}

  public record TaskLimits(long maxMemoryBytes, int maxCpuMilli, long maxDiskBytes) {}

  /** All that it can take at once. */
  public Capacity capacity() {
    return new Capacity(
        hardware.cpuMilli(),
        hardware.memoryBytes(),
        hardware.diskBytes(),
        hardware.gpus().size(),
        execution.slots());
  }
}
