package dev.weft.gateway.domain;

import dev.weft.gateway.domain.TaskDraft.AgentBody;
import dev.weft.gateway.domain.TaskDraft.Amounts;
import dev.weft.gateway.domain.TaskDraft.Budget;
import dev.weft.gateway.domain.TaskDraft.Missing;
import dev.weft.gateway.domain.TaskDraft.Needs;
import dev.weft.gateway.domain.TaskDraft.Noop;
import dev.weft.gateway.domain.TaskDraft.Retries;
import dev.weft.gateway.domain.TaskDraft.Shell;
import dev.weft.gateway.domain.TaskDraft.Skill;
import dev.weft.gateway.domain.TaskDraft.Timing;
import dev.weft.gateway.domain.TaskDraft.Work;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What makes a task well-formed: the bounds that the contract states beside each field. Whether a
 * worker exists that could run it is not asked here: such a task is accepted, waits and says why.
 */
public final class TaskRules {

  public static final int MOST_NAME = 128;
  static final int MOST_SKILLS = 32;
  static final long MOST_RETRIES = 20;
  static final long MOST_TOKENS = 1_000_000_000_000_000L;
  static final Duration MOST_TIMEOUT = Duration.ofHours(24);
  static final Duration MOST_DEADLINE = Duration.ofDays(24);
  static final Duration MOST_WAIT = Duration.ofDays(30);

  private static final int MOST_WORD = 64;
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9_-]{1,63}");
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private TaskRules() {}

  /**
   * Passes a well-formed task.
   *
   * @throws InvalidRequest with every fault found
   * @throws NotSupportedYet if it is well-formed and asks for something of a later release
   */
  public static void check(TaskDraft draft) {
    Faults faults = new Faults();
    faults.addAll(draft.leftovers().unrecognized());
    work(draft.work(), faults);
    new InputRules(faults).check(draft.inputs(), draft.work());
    needs(draft.needs(), faults);
    amounts(draft.amounts(), faults);
    timing(draft.timing(), faults);
    retries(draft.timing().retries(), faults);
    draft.timing().budget().ifPresent(budget -> budget(budget, faults));
    faults.text("spec.display_name", draft.labels().displayName(), MOST_NAME);
    faults.text("spec.affinity_key", draft.labels().affinityKey(), MOST_NAME);
    faults.text("spec.user", draft.labels().user(), MOST_NAME);
    faults.text("request_id", draft.labels().requestId(), MOST_NAME);
    List<String> unsupported = draft.leftovers().unsupported();
    if (!unsupported.isEmpty()) {
      throw new NotSupportedYet(unsupported.getFirst());
    }
    faults.raise();
  }

  /** Checks a name or an idempotency key that comes without a task. */
  public static void checkText(String field, String value) {
    Faults faults = new Faults();
    faults.text(field, value, MOST_NAME);
    faults.raise();
  }

  private static void work(Work work, Faults faults) {
    switch (work) {
      case Shell shell -> new ShellRules(faults).check(shell);
      case Noop noop ->
          faults.unless(
              noop.payloadBytes() <= ShellRules.MOST_INLINE_BYTES,
              "spec.noop.payload",
              noop.payloadBytes() + " bytes",
              "at most " + ShellRules.MOST_INLINE_BYTES + " bytes");
      case AgentBody _ ->
          faults.add("spec.executor", "agent", "one of shell, noop: the mesh alone makes bodies");
      case Missing _ -> faults.add("spec.executor", "none", "one of shell, noop");
    }
  }

  static void needs(Needs needs, Faults faults) {
    List<Skill> skills = needs.skills();
    faults.unless(
        skills.size() <= MOST_SKILLS,
        "spec.requirements.capabilities",
        skills.size() + " capabilities",
        "at most " + MOST_SKILLS);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < skills.size(); i++) {
      skill("spec.requirements.capabilities[" + i + "]", skills.get(i), names, faults);
    }
    faults.unsigned("spec.requirements.gpus", needs.gpus(), Integer.MAX_VALUE);
    faults.unsigned("spec.requirements.gpu_memory_bytes", needs.gpuMemoryBytes(), Long.MAX_VALUE);
    faults.unless(
        needs.gpus() != 0 || needs.gpuMemoryBytes() == 0,
        "spec.requirements.gpus",
        0,
        "at least 1 with gpu_memory_bytes");
    faults.unless(
        needs.queue().isEmpty() || QUEUE.matcher(needs.queue()).matches(),
        "spec.queue",
        needs.queue(),
        QUEUE.pattern());
    faults.text("spec.requirements.region", needs.region(), MOST_WORD);
    faults.text("spec.requirements.llm_model", needs.llmModel(), MOST_NAME);
    faults.unsigned("spec.requirements.llm_min_context", needs.llmMinContext(), Integer.MAX_VALUE);
    faults.unless(
        !needs.llmModel().isEmpty() || needs.llmMinContext() == 0,
        "spec.requirements.llm_model",
        "empty",
        "a model with llm_min_context");
  }

  private static void skill(String field, Skill skill, Set<String> names, Faults faults) {
    faults.unless(!skill.name().isBlank(), field + ".name", "empty", "a capability");
    faults.text(field + ".name", skill.name(), MOST_WORD);
    faults.unless(
        names.add(skill.name()), field + ".name", skill.name(), "each capability at most once");
    double proficiency = skill.minProficiency();
    faults.unless(
        proficiency >= 0 && proficiency <= 1, field + ".min_proficiency", proficiency, "0..1");
  }

  static void amounts(Amounts amounts, Faults faults) {
    faults.unsigned("spec.resources.cpu_milli", amounts.cpuMilli(), Integer.MAX_VALUE);
    faults.unsigned("spec.resources.memory_bytes", amounts.memoryBytes(), Long.MAX_VALUE);
    faults.unsigned("spec.resources.disk_bytes", amounts.diskBytes(), Long.MAX_VALUE);
  }

  private static void timing(Timing timing, Faults faults) {
    faults.span("spec.deadline", timing.deadline(), SHORTEST, MOST_DEADLINE);
    Optional<Duration> expiry = faults.span("spec.expiry", timing.expiry(), SHORTEST, MOST_WAIT);
    Optional<Duration> start =
        faults.span("spec.not_before", timing.notBefore(), Duration.ZERO, MOST_WAIT);
    faults.span("spec.timeout", timing.timeout(), SHORTEST, MOST_TIMEOUT);
    Duration end = expiry.orElseGet(() -> usualExpiry(timing.priority()));
    start
        .filter(wait -> wait.compareTo(end) >= 0)
        .ifPresent(
            wait ->
                faults.add(
                    "spec.not_before",
                    Faults.seconds(wait),
                    "less than expiry, " + Faults.seconds(end)));
  }

  /** The contract's default. */
  static Duration usualExpiry(int priority) {
    if (priority <= 1) {
      return Duration.ofMinutes(5);
    }
    return priority <= 4 ? Duration.ofHours(1) : Duration.ofHours(24);
  }

  private static void budget(Budget budget, Faults faults) {
    faults.unless(
        budget.llmTokens() >= 0 && budget.llmTokens() <= MOST_TOKENS,
        "spec.budget.llm_tokens",
        budget.llmTokens(),
        "0.." + MOST_TOKENS);
    if (!budget.inMoney()) {
      return;
    }
    faults.unless(budget.micros() > 0, "spec.budget.micros", budget.micros(), "at least 1");
    faults.unless(
        Currencies.isKnown(budget.currencyCode()),
        "spec.budget.currency_code",
        budget.currencyCode(),
        Currencies.EXPECTED);
  }

  private static void retries(Retries retries, Faults faults) {
    faults.unless(
        retries.afterLoss() || !retries.preemptible(),
        "spec.preemptible",
        true,
        "false with on_lost FAIL");
    retries
        .maxRetries()
        .ifPresent(most -> faults.unsigned("spec.retry_policy.max_retries", most, MOST_RETRIES));
    Optional<Duration> first =
        faults.span(
            "spec.retry_policy.initial_backoff", retries.initialBackoff(), SHORTEST, MOST_TIMEOUT);
    Optional<Duration> most =
        faults.span("spec.retry_policy.max_backoff", retries.maxBackoff(), SHORTEST, MOST_TIMEOUT);
    if (first.isPresent() && most.isPresent() && most.get().compareTo(first.get()) < 0) {
      faults.add(
          "spec.retry_policy.max_backoff",
          Faults.seconds(most.get()),
          "at least initial_backoff, " + Faults.seconds(first.get()));
    }
  }
}
