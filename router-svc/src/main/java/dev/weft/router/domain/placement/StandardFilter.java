package dev.weft.router.domain.placement;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.Meter;
import dev.weft.router.domain.fleet.Machine;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import java.util.Optional;

/**
 * What a task must have, in the order in which a person would ask: whether the worker takes such
 * work and can do it at all first, whether it is there now last. So the reason tells what would
 * help.
 */
public final class StandardFilter implements HardFilter {

  @Override
  public Optional<Refusal> refuse(Requirements need, WorkerSlot slot) {
    WorkerView view = slot.view();
    if (view == null) {
      return no(RejectReason.PROFILE_UNKNOWN, "the registry has not shown it yet");
    }
    Optional<Refusal> refusal = queue(need.destination().queue(), view.skills());
    if (refusal.isEmpty()) {
      refusal = skills(need, view.skills());
    }
    if (refusal.isEmpty()) {
      refusal = machine(need, view);
    }
    if (refusal.isEmpty()) {
      refusal = price(need.destination().budget(), view.site());
    }
    return refusal.isEmpty() ? presence(need, slot, view.verdict()) : refusal;
  }

  private static Optional<Refusal> queue(String wanted, Skills skills) {
    return skills.queues().contains(wanted)
        ? Optional.empty()
        : no(
            RejectReason.QUEUE,
            "serves queues %s (needed: %s)"
                .formatted(skills.queues().stream().sorted().toList(), wanted));
  }

  private static Optional<Refusal> skills(Requirements need, Skills skills) {
    if (!skills.executors().contains(need.executor())) {
      return no(RejectReason.EXECUTOR_MISSING, "executor " + need.executor() + " is not offered");
    }
    for (CapabilityNeed wanted : need.capabilities()) {
      Integer found = skills.capabilities().get(wanted.name());
      if (found == null) {
        return no(RejectReason.CAPABILITY_MISSING, "capability " + wanted.name() + " is missing");
      }
      if (found < wanted.minProficiencyMilli()) {
        return no(
            RejectReason.PROFICIENCY_TOO_LOW,
            "capability %s is %s (needed: >= %s)"
                .formatted(wanted.name(), share(found), share(wanted.minProficiencyMilli())));
      }
    }
    return llm(need.llm(), skills);
  }

  private static Optional<Refusal> llm(LlmNeed wanted, Skills skills) {
    if (wanted.model().isEmpty()) {
      return Optional.empty();
    }
    Integer context = skills.llmModels().get(wanted.model());
    if (context == null) {
      return no(RejectReason.LLM_MISSING, "model " + wanted.model() + " is not served");
    }
    if (context < wanted.minContext()) {
      return no(
          RejectReason.LLM_MISSING,
          "model %s has a context of %d (needed: >= %d)"
              .formatted(wanted.model(), context, wanted.minContext()));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> machine(Requirements need, WorkerView view) {
    Machine machine = view.machine();
    if (need.resources().gpus() > 0
        && machine.gpuMemoryBytes() < Math.max(1, need.gpuMemoryBytes())) {
      return no(
          RejectReason.GPU_MISSING,
          "largest GPU memory is %d bytes (needed: >= %d)"
              .formatted(machine.gpuMemoryBytes(), Math.max(1, need.gpuMemoryBytes())));
    }
    String region = need.destination().region();
    if (!region.isEmpty() && !region.equals(view.site().region())) {
      return no(
          RejectReason.REGION, "region is %s (needed: %s)".formatted(view.site().region(), region));
    }
    if (!machine.isolation().level().satisfies(need.isolation().level())) {
      return no(
          RejectReason.SANDBOX_TOO_WEAK,
          "sandbox level is %s (needed: >= %s)"
              .formatted(machine.isolation().level(), need.isolation().level()));
    }
    if (need.isolation().networkOpen() && !machine.isolation().networkOpen()) {
      return no(RejectReason.NETWORK_CLOSED, "its own network is not open to tasks");
    }
    if (!within(need.resources(), machine.taskLimit())) {
      return no(RejectReason.TOO_SMALL, "one task can have at most " + machine.taskLimit());
    }
    return Optional.empty();
  }

  private static boolean within(Resources wanted, Resources limit) {
    return (limit.cpuMilli() == 0 || wanted.cpuMilli() <= limit.cpuMilli())
        && (limit.memoryBytes() == 0 || wanted.memoryBytes() <= limit.memoryBytes())
        && (limit.diskBytes() == 0 || wanted.diskBytes() <= limit.diskBytes());
  }

  private static Optional<Refusal> price(Budget budget, Site site) {
    if (!budget.isSet()) {
      return Optional.empty();
    }
    if (!site.currency().equals(budget.currency())) {
      String stated = site.currency().isEmpty() ? "no price" : "a price in " + site.currency();
      return no(
          RejectReason.PRICE,
          "its profile has %s (needed: one in %s)".formatted(stated, budget.currency()));
    }
    Meter meter = new Meter(budget, Charge.NONE, site.microsPerHour());
    if (!meter.worthwhile()) {
      return no(
          RejectReason.PRICE,
          "the budget of %s %s lasts there for %d ms (needed: >= %d ms)"
              .formatted(
                  budget.amount(),
                  budget.currency(),
                  meter.reachMillis(),
                  Meter.SHORTEST.toMillis()));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> presence(Requirements need, WorkerSlot slot, Verdict verdict) {
    if (slot.draining()) {
      return no(RejectReason.DRAINING, "it drains");
    }
    switch (verdict.status()) {
      case READY -> {}
      case DRAINING, DRAINED -> {
        return no(RejectReason.DRAINING, "the registry says " + verdict.status());
      }
      case UNHEALTHY, OFFLINE -> {
        return no(
            RejectReason.NOT_READY,
            "the registry says %s %s".formatted(verdict.status(), verdict.reason()).strip());
      }
    }
    if (!slot.connected()) {
      return no(RejectReason.NOT_CONNECTED, "no work stream");
    }
    if (!slot.credit().couldFit(need.executor(), need.resources())) {
      return no(
          RejectReason.TOO_SMALL,
          "%d slots of %s and %s in all (needed: one and %s)"
              .formatted(
                  slot.credit().capacity().slots(need.executor()),
                  need.executor(),
                  slot.credit().capacity().resources(),
                  need.resources()));
    }
    return Optional.empty();
  }

  private static String share(int milli) {
    return Double.toString(milli / 1000.0);
  }

  private static Optional<Refusal> no(RejectReason reason, String detail) {
    return Optional.of(new Refusal(reason, detail));
  }
}
