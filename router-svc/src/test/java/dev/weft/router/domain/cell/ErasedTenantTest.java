package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.limit.Tier;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.shard.Seat;
import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.ShardPolicy;
import dev.weft.router.domain.shard.Shards;
import dev.weft.router.domain.shard.UserKey;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cell's memory after a tenant was erased. */
class ErasedTenantTest {

  private static final String TENANT = "acme";

  private final CellFixture mesh =
      new CellFixture(
          Policies.of(PlacementPolicy.STANDARD, OrderPolicy.STANDARD).with(ShardPolicy.STANDARD));
  private final TestLink link = mesh.join(1, 4);

  @BeforeEach
  void adopt() {
    mesh.cell.users().adopt(Shards.NONE);
  }

  @Test
  void nothingIsKnownOfTheTenantAndItsKeysAreNew() {
    TaskId keyed = keyed();
    mesh.commit();
    mesh.succeed(link, link.last());
    TaskId users = mesh.submitFor("ada");
    mesh.submit("globex", terms());
    mesh.commit();
    AttemptKey of =
        link.assigned.stream().filter(key -> key.task().equals(users)).findFirst().orElseThrow();
    mesh.succeed(link, of);
    mesh.cell.tenants().setTier(new TenantTier(TENANT, Tier.PREMIUM, 1));
    mesh.cell.tenants().setBudget(new TenantBudget(TENANT, new Budget(5, "USD")));
    assertThat(mesh.cell.core().ended.tenant(link.worker, of, mesh.nanos())).hasValue(TENANT);

    assertThat(mesh.cell.tenants().forget(TENANT)).isTrue();

    CellCore core = mesh.cell.core();
    assertThat(core.levels.of(TENANT)).isNull();
    assertThat(core.accounts.of(TENANT)).isNull();
    assertThat(core.shapes.of(TENANT)).isEmpty();
    assertThat(core.shapes.of("globex")).hasSize(1);
    assertThat(core.ended.tenant(link.worker, of, mesh.nanos())).isEmpty();
    assertThat(mesh.cell.users().report().shards().getFirst().figures().users()).isZero();
    assertThat(again(keyed)).isEqualTo("accepted LEASED");
  }

  @Test
  void aUserThatIsBeingStoredJustThenIsErasedNext() {
    mesh.submitFor("ada");
    mesh.commit();
    mesh.succeed(link, link.last());
    ShardChanges stored = mesh.cell.users().due().changes();
    assertThat(stored.seats()).extracting(Seat::user).containsExactly(new UserKey(TENANT, "ada"));

    mesh.cell.tenants().forget(TENANT);
    mesh.cell.users().stored(stored);

    ShardChanges next = mesh.cell.users().due().changes();
    assertThat(next.seats()).isEmpty();
    assertThat(next.forgotten()).containsExactly(new UserKey(TENANT, "ada"));
  }

  @Test
  void itsRequirementsAreDroppedByTheNextCommit() {
    mesh.submit();
    mesh.commit();
    mesh.succeed(link, link.last());

    mesh.cell.tenants().forget(TENANT);
    mesh.commit();

    GroupCommit last = mesh.commits.getLast();
    assertThat(last.placement().droppedShapes()).hasSize(1);
    mesh.takeOver();
    assertThat(mesh.cell.core().shapes.all()).isEmpty();
  }

  @Test
  void whileATaskIsOpenNothingIsForgotten() {
    mesh.cell.tenants().setTier(new TenantTier(TENANT, Tier.PREMIUM, 1));
    TaskId open = mesh.submit();
    mesh.commit();

    assertThat(mesh.cell.tenants().forget(TENANT)).isFalse();

    assertThat(mesh.cell.view().levels(Optional.of(TENANT))).hasSize(1);
    mesh.succeed(link, link.last());
    assertThat(mesh.state(open).terminal()).isTrue();
    assertThat(mesh.cell.tenants().forget(TENANT)).isTrue();
  }

  private static Submission.Terms terms() {
    return CellFixture.terms(PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT);
  }

  private TaskId keyed() {
    return mesh.submit(mesh.newId(), terms(), "key", "digest");
  }

  /** What another task of the same key is answered. */
  private String again(TaskId before) {
    TaskId id = keyed();
    assertThat(id).isNotEqualTo(before);
    mesh.commit();
    return String.valueOf(mesh.answers.get(id));
  }
}
