package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.proto.costs.v1.TenantBudget;
import dev.weft.proto.internal.cell.v1.ChangeBudgetRequest;
import dev.weft.proto.internal.cell.v1.DropBudgetRequest;
import dev.weft.proto.internal.cell.v1.FetchBudgetsRequest;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BudgetGrpcServiceTest {

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void close() {
    router.close();
  }

  @Test
  void aBudgetThatWasSetIsCountedListedAndKnownToTheNextPlacer() {
    set("globex", 7, "EUR");
    TenantBudget set = set("acme", 2_500_000, "USD");
    assertThat(set.getDaily().getAmount()).isEqualTo("2.500000");
    assertThat(set.getCounting()).isTrue();

    await()
        .untilAsserted(
            () -> {
              router.spending.count();
              assertThat(budgets("acme").getFirst().getCounting()).isFalse();
            });
    assertThat(budgets("acme").getFirst().getLeft().getMicros()).isEqualTo(2_500_000);
    router.standsBy();
    router.spending.count();
    router.holding();

    assertThat(budgets(""))
        .extracting(one -> one.getTenantId() + " " + one.getDaily().getMicros())
        .containsExactly("acme 2500000", "globex 7");
  }

  @Test
  void oneInTokensStandsAloneOrBesideOneInMoney() {
    TenantBudget alone =
        router
            .budgetService()
            .changeBudget(
                ChangeBudgetRequest.newBuilder().setTenant("acme").setDailyTokens(7_000).build())
            .getBudget();
    assertThat(alone.hasDaily()).isFalse();
    assertThat(alone.getTokens().getDaily()).isEqualTo(7_000);
    assertThat(alone.getTokens().getLeft()).isEqualTo(7_000);
    ChangeBudgetRequest.Builder both =
        ChangeBudgetRequest.newBuilder()
            .setTenant("acme")
            .setDailyMicros(5)
            .setCurrencyCode("USD")
            .setDailyTokens(9);
    assertThat(router.budgetService().changeBudget(both.build()).getBudget().getTokens().getDaily())
        .isEqualTo(9);

    router.standsBy();
    router.holding();

    assertThat(budgets("acme").getFirst().getDaily().getMicros()).isEqualTo(5);
    assertThat(budgets("acme").getFirst().getTokens().getDaily()).isEqualTo(9);
    assertThat(set("acme", 5, "USD").hasTokens()).as("what is not named is taken away").isFalse();
    assertThatThrownBy(() -> router.budgetService().changeBudget(both.setDailyTokens(-1).build()))
        .hasMessageContaining("daily_tokens: -1 (expected: 0..1000000000000000)");
  }

  @Test
  void whatIsTakenAwayIsGone() {
    set("acme", 5, "USD");
    assertThat(drop("acme")).isTrue();
    assertThat(drop("acme")).isFalse();
    assertThat(budgets("acme")).isEmpty();
  }

  @Test
  void aChangeWhoseReplyIsLostHoldsAllTheSame() {
    router.budgets.loseNextReply();
    assertThatThrownBy(() -> set("acme", 5, "USD")).hasMessageContaining("does not answer");
    await().until(() -> budgets("acme").size() == 1);

    router.budgets.loseNextReply();
    assertThatThrownBy(() -> drop("acme")).hasMessageContaining("does not answer");
    await().until(() -> budgets("acme").isEmpty());
  }

  @Test
  void anAmountOrCurrencyThatIsNoneIsNamed() {
    assertThatThrownBy(() -> set("acme", 0, "USD"))
        .hasMessageContaining("daily_micros: 0 (expected: 1..1000000000000)");
    assertThatThrownBy(() -> set("acme", -5, "USD")).hasMessageContaining("daily_micros: -5");
    assertThatThrownBy(() -> set("acme", 5, "dollars"))
        .hasMessageContaining("currency_code: dollars (expected: a code of ISO 4217");
    assertThatThrownBy(() -> set("", 5, "USD")).hasMessageContaining("tenant: ");
  }

  @Test
  void aStandbySendsToTheHolder() {
    router.standsBy();
    assertThatThrownBy(() -> set("acme", 5, "USD"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("not here");
  }

  private TenantBudget set(String tenant, long micros, String currency) {
    return router
        .budgetService()
        .changeBudget(
            ChangeBudgetRequest.newBuilder()
                .setTenant(tenant)
                .setDailyMicros(micros)
                .setCurrencyCode(currency)
                .setAuthor("ops/root")
                .build())
        .getBudget();
  }

  private boolean drop(String tenant) {
    return router
        .budgetService()
        .dropBudget(DropBudgetRequest.newBuilder().setTenant(tenant).build())
        .getDropped();
  }

  private List<TenantBudget> budgets(String tenant) {
    return router
        .budgetService()
        .fetchBudgets(FetchBudgetsRequest.newBuilder().setTenant(tenant).build())
        .getBudgetsList();
  }
}
