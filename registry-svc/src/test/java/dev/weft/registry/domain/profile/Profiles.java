package dev.weft.registry.domain.profile;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The three unlike workers of the documents. */
public final class Profiles {

  private static final long GIB = 1L << 30;

  private Profiles() {}

  /**
   * dgx-tokyo-01 of the documents: 8 A100, language and vision models, code analysis; not for every
   * queue.
   */
  public static WorkerProfile gpu(String name) {
    return new WorkerProfile(
        new Identity(name, "gpu", "0.1.0", Map.of("rack", "t1")),
        new Skills(
            List.of(
                new Capability("CODING", 0.95),
                new Capability("PLANNING", 0.9),
                new Capability("REVIEWING", 0.9),
                new Capability("RESEARCH", 0.8)),
            List.of("shell", "noop"),
            List.of("planning", "review"),
            List.of(new LlmModel("qwen3-235b", 128_000, 50, 8)),
            List.of(new VisionModel("qwen2-vl-72b", true, false)),
            List.of(new CodeAnalysis("jedi", List.of("python", "javascript", "typescript"))),
            null),
        new Machine(
            new Hardware(
                128_000,
                512 * GIB,
                2_000_000_000_000L,
                List.of(new Gpu("A100", 80 * GIB), new Gpu("A100", 80 * GIB))),
            null,
            null),
        new Sandboxing(SandboxLevel.BUBBLEWRAP, LimitsScope.TREE, false, null, null),
        new Location("ap-northeast-1", "Tokyo, Japan", Duration.ofMillis(45)),
        new Price(12_000_000, "USD"));
  }

  /** browser-aws-useast-03 of the documents. */
  public static WorkerProfile browser(String name) {
    return new WorkerProfile(
        new Identity(name, "browser", "0.1.0", Map.of()),
        new Skills(
            List.of(new Capability("BROWSER_OPERATIONS", 0.95), new Capability("RESEARCH", 0.7)),
            List.of("shell"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new BrowserAutomation("playwright", false, 5900, true, 4)),
        new Machine(
            new Hardware(16_000, 64 * GIB, 0, List.of()),
            new NetworkCapability(1000, true, true),
            null),
        new Sandboxing(SandboxLevel.LANDLOCK, LimitsScope.PROCESS, true, null, null),
        new Location("us-east-1", "Virginia, USA", Duration.ofMillis(12)),
        new Price(800_000, "USD"));
  }

  /** sandbox-onprem-01 of the documents. */
  public static WorkerProfile sandbox(String name) {
    return new WorkerProfile(
        new Identity(name, "sandbox", "0.1.0", Map.of()),
        new Skills(
            List.of(
                new Capability("SHELL_OPERATIONS", 0.95),
                new Capability("TESTING", 0.9),
                new Capability("FILE_OPERATIONS", 0.9)),
            List.of("shell", "noop"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null),
        new Machine(
            new Hardware(64_000, 256 * GIB, 4_000_000_000_000L, List.of()),
            null,
            new Virtualization("firecracker", 32, Duration.ofMillis(125), true)),
        new Sandboxing(
            SandboxLevel.MICROVM,
            LimitsScope.TREE,
            false,
            new Isolation(true, true),
            new TaskLimits(2 * GIB, 2_000, 10 * GIB)),
        new Location("on-prem", "on-premises DC", Duration.ofMillis(8)),
        Price.UNKNOWN);
  }
}
