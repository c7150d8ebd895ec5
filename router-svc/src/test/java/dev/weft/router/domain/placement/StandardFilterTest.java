package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Machine;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StandardFilterTest {

  private static final Resources ONE_CORE = new Resources(1_000, 0, 0, 0);
  private static final Isolation WALLS = new Isolation(SandboxLevel.BUBBLEWRAP, false);
  private final StandardFilter filter = new StandardFilter();
  private final WorkerSlot slot = Workers.slot(1, 4);

  @Test
  void aReadyWorkerWithEverythingPasses() {
    assertThat(filter.refuse(Workers.ANY_SHELL, slot)).isEmpty();
  }

  @Test
  void everyCapabilityMustBeThere() {
    Requirements need =
        Workers.shell(
            List.of(new CapabilityNeed("SHELL_OPERATIONS", 0), new CapabilityNeed("CODING", 0)));
    assertRefused(need, RejectReason.CAPABILITY_MISSING, "CODING");
  }

  @Test
  void aCapabilityMustBeGoodEnough() {
    Requirements need = Workers.shell(List.of(new CapabilityNeed("SHELL_OPERATIONS", 801)));
    assertRefused(need, RejectReason.PROFICIENCY_TOO_LOW, "0.8 (needed: >= 0.801)");
  }

  @Test
  void aGpuTaskGoesOnlyToWorkersWithAGpuOfThatSize() {
    Requirements need =
        new Requirements(
            "shell",
            List.of(),
            Destination.ANYWHERE,
            LlmNeed.NONE,
            24L << 30,
            WALLS,
            new Resources(0, 0, 0, 1));
    assertRefused(need, RejectReason.GPU_MISSING, "0 bytes");
    machine(new Machine(24L << 30, Resources.NONE, WALLS));
    slot.credit()
        .capacity(
            new dev.weft.router.domain.fleet.Capacity(
                2, new Resources(0, 0, 0, 1), java.util.Map.of("shell", 1)));
    assertThat(filter.refuse(need, slot)).isEmpty();
  }

  @Test
  void theRegionMustBeTheOneAskedFor() {
    assertRefused(Workers.in("eu"), RejectReason.REGION, "us (needed: eu)");
  }

  @Test
  void aWorkerTakesOnlyTasksOfItsQueues() {
    Requirements review = Workers.in(new Destination("review", ""));
    assertRefused(review, RejectReason.QUEUE, "serves queues [default] (needed: review)");

    serving(Set.of("review", "planning"));

    assertThat(filter.refuse(review, slot)).isEmpty();
    assertRefused(
        Workers.ANY_SHELL,
        RejectReason.QUEUE,
        "serves queues [planning, review] (needed: default)");
  }

  @Test
  void theModelMustBeServedWithEnoughContext() {
    assertRefused(llm("gpt", 1), RejectReason.LLM_MISSING, "gpt is not served");
    assertRefused(llm("qwen", 64_000), RejectReason.LLM_MISSING, "32000 (needed: >= 64000)");
    assertThat(filter.refuse(llm("qwen", 32_000), slot)).isEmpty();
  }

  @Test
  void aWeakerSandboxIsNeverFallenBackTo() {
    machine(new Machine(0, Resources.NONE, new Isolation(SandboxLevel.LANDLOCK, false)));
    assertRefused(Workers.ANY_SHELL, RejectReason.SANDBOX_TOO_WEAK, "LANDLOCK");
  }

  @Test
  void anOpenNetworkMustBeAllowedByTheWorker() {
    Requirements need =
        new Requirements(
            "shell",
            List.of(),
            Destination.ANYWHERE,
            LlmNeed.NONE,
            0,
            new Isolation(SandboxLevel.NONE, true),
            ONE_CORE);
    assertRefused(need, RejectReason.NETWORK_CLOSED, "not open");
  }

  @Test
  void aBudgetNeedsAPriceInItsCurrencyForWhichItLasts() {
    // The worker costs a unit of USD an hour: 278 micros a second.
    assertThat(filter.refuse(budget(278, "USD"), slot)).isEmpty();
    assertRefused(
        budget(277, "USD"), RejectReason.PRICE, "lasts there for 997 ms (needed: >= 1000");
    assertRefused(
        budget(1_000_000, "CHF"), RejectReason.PRICE, "a price in USD (needed: one in CHF");
    slot.view(Workers.view(1, Map.of(), new Site("us", 50, 0, "")));
    assertRefused(budget(1_000_000, "USD"), RejectReason.PRICE, "has no price (needed: one in USD");
    assertThat(filter.refuse(Workers.ANY_SHELL, slot)).isEmpty();
    assertThat(RejectReason.PRICE.passing()).isFalse();
  }

  private static Requirements budget(long micros, String currency) {
    return Workers.in(new Destination("", "", new Budget(micros, currency), Optional.empty()));
  }

  @Test
  void anExecutorThatIsNotOfferedIsNamed() {
    Requirements need =
        new Requirements(
            "llm", List.of(), Destination.ANYWHERE, LlmNeed.NONE, 0, WALLS, Resources.NONE);
    assertRefused(need, RejectReason.EXECUTOR_MISSING, "llm");
  }

  @Test
  void moreThanTheWholeWorkerOrItsLimitPerTaskIsTooMuch() {
    Requirements need =
        new Requirements(
            "shell",
            List.of(),
            Destination.ANYWHERE,
            LlmNeed.NONE,
            0,
            WALLS,
            new Resources(5_000, 0, 0, 0));
    assertRefused(need, RejectReason.TOO_SMALL, "4 slots");
    machine(new Machine(0, new Resources(500, 0, 0, 0), WALLS));
    assertRefused(Workers.ANY_SHELL, RejectReason.TOO_SMALL, "one task");
  }

  @Test
  void aFullWorkerStillPassesSinceItMayHaveRoomSoon() {
    for (int i = 0; i < 4; i++) {
      slot.credit().take("shell", ONE_CORE);
    }
    assertThat(filter.refuse(Workers.ANY_SHELL, slot)).isEmpty();
  }

  @Test
  void onlyAConnectedReadyWorkerThatDoesNotDrainGetsWork() {
    slot.connected(false);
    assertRefused(Workers.ANY_SHELL, RejectReason.NOT_CONNECTED, "no work stream");
    verdict(new Verdict(Verdict.Status.UNHEALTHY, "beats are missing"));
    assertRefused(Workers.ANY_SHELL, RejectReason.NOT_READY, "beats are missing");
    verdict(new Verdict(Verdict.Status.DRAINING, ""));
    assertRefused(Workers.ANY_SHELL, RejectReason.DRAINING, "DRAINING");
    slot.draining(true);
    assertRefused(Workers.ANY_SHELL, RejectReason.DRAINING, "it drains");
    slot.view(null);
    assertRefused(Workers.ANY_SHELL, RejectReason.PROFILE_UNKNOWN, "registry");
  }

  private static Requirements llm(String model, int context) {
    return new Requirements(
        "shell",
        List.of(),
        Destination.ANYWHERE,
        new LlmNeed(model, context),
        0,
        WALLS,
        Resources.NONE);
  }

  private void machine(Machine machine) {
    WorkerView view = Workers.view(1);
    slot.view(
        new WorkerView(
            view.id(), view.name(), view.verdict(), view.skills(), machine, view.site()));
  }

  private void serving(Set<String> queues) {
    WorkerView view = Workers.view(1);
    Skills skills = view.skills();
    slot.view(
        new WorkerView(
            view.id(),
            view.name(),
            view.verdict(),
            new Skills(skills.capabilities(), skills.executors(), skills.llmModels(), queues),
            view.machine(),
            view.site()));
  }

  private void verdict(Verdict verdict) {
    WorkerView view = Workers.view(1);
    slot.view(
        new WorkerView(
            view.id(), view.name(), verdict, view.skills(), view.machine(), view.site()));
  }

  private void assertRefused(Requirements need, RejectReason reason, String detail) {
    assertThat(filter.refuse(need, slot))
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(reason);
              assertThat(refusal.detail()).contains(detail);
            });
  }
}
