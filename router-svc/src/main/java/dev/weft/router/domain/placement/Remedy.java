package dev.weft.router.domain.placement;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what would let waiting work start. */
public final class Remedy {

  private Remedy() {}

  public static String of(Requirements need, Eligibility eligibility) {
    int fitting = eligibility.size();
    if (fitting > 0) {
      return fitting == 1
          ? "wait: 1 worker fits but is full"
          : "wait: " + fitting + " workers fit but are full";
    }
    Optional<Rejection> passing =
        eligibility.rejections().stream()
            .filter(
                rejection ->
                    rejection.reason().passing()
                        && rejection.reason() != RejectReason.PROFILE_UNKNOWN)
            .findFirst();
    String join =
        "join a worker "
            + serving(need.destination(), eligibility)
            + describe(need)
            + priced(need, eligibility);
    return passing
        .map(
            rejection ->
                "wait: %d worker%s would fit (%s), or %s"
                    .formatted(
                        rejection.count(),
                        rejection.count() == 1 ? "" : "s",
                        rejection.detail(),
                        join))
        .orElse(join);
  }

  /** Every worker serves the default queue unless it names others: only then it is worth a word. */
  private static String serving(Destination destination, Eligibility eligibility) {
    boolean missing =
        eligibility.rejections().stream()
            .anyMatch(rejection -> rejection.reason() == RejectReason.QUEUE);
    return destination.inDefaultQueue() && !missing
        ? "with "
        : "that serves the queue " + destination.queue() + ", with ";
  }

  /** What the task's own budget asks for is said with its needs. */
  private static String priced(Requirements need, Eligibility eligibility) {
    return eligibility.rejections().stream()
        .filter(rejection -> rejection.reason() == RejectReason.PRICE)
        .filter(_ -> !need.destination().budget().isSet())
        .map(rejection -> ", a price (" + rejection.detail() + ")")
        .findFirst()
        .orElse("");
  }

  private static String describe(Requirements need) {
    List<String> parts = new ArrayList<>();
    parts.add("executor " + need.executor());
    for (CapabilityNeed wanted : need.capabilities()) {
      parts.add(
          "capability %s >= %s".formatted(wanted.name(), wanted.minProficiencyMilli() / 1000.0));
    }
    if (!need.llm().model().isEmpty()) {
      parts.add(
          "model %s with a context >= %d".formatted(need.llm().model(), need.llm().minContext()));
    }
    if (need.resources().gpus() > 0) {
      parts.add("%d GPU of >= %d bytes".formatted(need.resources().gpus(), need.gpuMemoryBytes()));
    }
    if (!need.destination().region().isEmpty()) {
      parts.add("region " + need.destination().region());
    }
    Budget budget = need.destination().budget();
    if (budget.isSet()) {
      parts.add(
          "a price in %s that a budget of %s lasts for"
              .formatted(budget.currency(), budget.amount()));
    }
    if (need.isolation().level() != SandboxLevel.NONE) {
      parts.add("sandbox level >= " + need.isolation().level());
    }
    if (need.isolation().networkOpen()) {
      parts.add("network open to tasks");
    }
    describe(need.resources(), parts);
    return String.join(", ", parts);
  }

  private static void describe(Resources amount, List<String> parts) {
    if (amount.cpuMilli() > 0) {
      parts.add(amount.cpuMilli() + " mCPU");
    }
    if (amount.memoryBytes() > 0) {
      parts.add((amount.memoryBytes() >> 20) + " MiB memory");
    }
    if (amount.diskBytes() > 0) {
      parts.add((amount.diskBytes() >> 20) + " MiB disk");
    }
  }
}
