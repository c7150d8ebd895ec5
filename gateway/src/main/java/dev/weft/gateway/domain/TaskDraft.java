package dev.weft.gateway.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a submitter wrote, as far as the door judges it. */
public record TaskDraft(
    Work work,
    Inputs inputs,
    Needs needs,
    Amounts amounts,
    Timing timing,
    Labels labels,
    Leftovers leftovers) {

  /** What is to run. */
  public sealed interface Work {}

  /** A command; {@code files} hold sizes only. */
  public record Shell(
      List<String> argv,
      boolean useShell,
      List<FileDraft> files,
      Map<String, String> environment,
      int stdinBytes,
      String workingDirectory)
      implements Work {}

  /** Nothing, with a payload. */
  public record Noop(int payloadBytes) implements Work {}

  /** An agent's body, which nobody but the mesh makes. */
  public record AgentBody() implements Work {}

  /** No executor was named. */
  public record Missing() implements Work {}

  /** An inline file. */
  public record FileDraft(String path, int bytes) {}

  /**
   * What is brought to the work.
   *
   * @param workspaceArtifact empty is none
   * @param secrets each {@code NAME=secret://name}
   */
  public record Inputs(String workspaceArtifact, List<String> secrets) {

    public Inputs {
      secrets = List.copyOf(secrets);
    }
  }

  /**
   * The hard filter.
   *
   * @param queue empty is the default one
   */
  public record Needs(
      List<Skill> skills,
      long gpus,
      long gpuMemoryBytes,
      String queue,
      String region,
      String llmModel,
      long llmMinContext) {}

  /** A capability with the least proficiency. */
  public record Skill(String name, double minProficiency) {}

  /** Unsigned on the wire; a negative number here is one too large for a signed one. */
  public record Amounts(long cpuMilli, long memoryBytes, long diskBytes) {}

  /**
   * What it may take: spans after acceptance and of one attempt, and what it may spend; absent
   * means the default.
   *
   * @param priority 0 (most urgent) … 6
   */
  public record Timing(
      Optional<Span> deadline,
      Optional<Span> expiry,
      Optional<Span> notBefore,
      Optional<Span> timeout,
      int priority,
      Retries retries,
      Optional<Budget> budget) {}

  /**
   * What a task may spend.
   *
   * @param micros millionths of the currency's unit; 0 without a currency where tokens alone count
   * @param llmTokens of models; 0 where they do not count
   */
  public record Budget(long micros, String currencyCode, long llmTokens) {

    boolean inMoney() {
      return micros != 0 || !currencyCode.isEmpty() || llmTokens == 0;
    }
  }

  /**
   * A duration as the wire has it, which need not be a legal one.
   *
   * @param nanos of the same sign as the seconds, within ±999,999,999
   */
  public record Span(long seconds, int nanos) {

    private static final long MOST_SECONDS = 315_576_000_000L;

    boolean legal() {
      return seconds >= -MOST_SECONDS
          && seconds <= MOST_SECONDS
          && Math.abs((long) nanos) <= 999_999_999L
          && (seconds == 0 || nanos == 0 || seconds > 0 == nanos > 0);
    }

    Duration duration() {
      return Duration.ofSeconds(seconds, nanos);
    }
  }

  /**
   * How attempts are repeated.
   *
   * @param afterLoss an attempt whose worker was lost may be repeated
   * @param preemptible an attempt may be ended, and repeated, for more urgent work
   */
  public record Retries(
      Optional<Long> maxRetries,
      Optional<Span> initialBackoff,
      Optional<Span> maxBackoff,
      boolean afterLoss,
      boolean preemptible) {}

  /** Names for people, for repeats, and for what belongs together. */
  public record Labels(String displayName, String requestId, String affinityKey, String user) {}

  /**
   * What this release can't honour.
   *
   * @param unsupported fields that are set and whose behaviour comes later
   * @param unrecognized enum fields with a number that no name belongs to
   */
  public record Leftovers(List<String> unsupported, List<Violation> unrecognized) {

    public Leftovers {
      unsupported = List.copyOf(unsupported);
      unrecognized = List.copyOf(unrecognized);
    }
  }
}
