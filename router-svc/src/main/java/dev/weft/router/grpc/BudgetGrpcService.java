package dev.weft.router.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.costs.v1.Money;
import dev.weft.proto.costs.v1.TenantTokens;
import dev.weft.proto.internal.cell.v1.ChangeBudgetRequest;
import dev.weft.proto.internal.cell.v1.ChangeBudgetResponse;
import dev.weft.proto.internal.cell.v1.DropBudgetRequest;
import dev.weft.proto.internal.cell.v1.DropBudgetResponse;
import dev.weft.proto.internal.cell.v1.FetchBudgetsRequest;
import dev.weft.proto.internal.cell.v1.FetchBudgetsResponse;
import dev.weft.proto.internal.cell.v1.TenantBudgetServiceGrpc.TenantBudgetServiceImplBase;
import dev.weft.router.app.TenantBudgets;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import dev.weft.router.domain.cost.TokenStanding;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tenants' budgets as the gateways see them. */
public final class BudgetGrpcService extends TenantBudgetServiceImplBase {

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  private final TenantBudgets budgets;

  public BudgetGrpcService(TenantBudgets budgets) {
    this.budgets = budgets;
  }

  @Override
  public void fetchBudgets(
      FetchBudgetsRequest request, StreamObserver<FetchBudgetsResponse> observer) {
    Optional<String> tenant = Optional.of(request.getTenant()).filter(name -> !name.isEmpty());
    Answers.send(
        budgets.spending(tenant),
        found ->
            FetchBudgetsResponse.newBuilder()
                .addAllBudgets(
                    found.stream()
                        .sorted(Comparator.comparing(one -> one.budget().tenant()))
                        .map(BudgetGrpcService::budget)
                        .toList())
                .build(),
        observer);
  }

  @Override
  public void changeBudget(
      ChangeBudgetRequest request, StreamObserver<ChangeBudgetResponse> observer) {
    Answers.send(
        budgets.set(wanted(request), request.getAuthor()),
        set -> ChangeBudgetResponse.newBuilder().setBudget(budget(set)).build(),
        observer);
  }

  @Override
  public void dropBudget(DropBudgetRequest request, StreamObserver<DropBudgetResponse> observer) {
    Answers.send(
        budgets.remove(tenant(request.getTenant())),
        was -> DropBudgetResponse.newBuilder().setDropped(was).build(),
        observer);
  }

  private static TenantBudget wanted(ChangeBudgetRequest request) {
    long micros = request.getDailyMicros();
    long tokens = request.getDailyTokens();
    String currency = request.getCurrencyCode();
    if (tokens < 0 || tokens > TenantBudget.MOST_TOKENS) {
      throw MeshException.invalidField("daily_tokens", tokens, "0.." + TenantBudget.MOST_TOKENS);
    }
    if (tokens > 0 && micros == 0 && currency.isEmpty()) {
      return new TenantBudget(tenant(request.getTenant()), Budget.NONE, tokens);
    }
    if (micros < 1 || micros > TenantBudget.MOST) {
      throw MeshException.invalidField("daily_micros", micros, "1.." + TenantBudget.MOST);
    }
    if (!CURRENCY.matcher(currency).matches()) {
      throw MeshException.invalidField("currency_code", currency, "a code of ISO 4217 like USD");
    }
    return new TenantBudget(tenant(request.getTenant()), new Budget(micros, currency), tokens);
  }

  private static String tenant(String tenant) {
    if (tenant.isEmpty()) {
      throw MeshException.invalidField("tenant", tenant, "a tenant's id");
    }
    return tenant;
  }

  private static dev.weft.proto.costs.v1.TenantBudget budget(TenantSpending spending) {
    Budget daily = spending.budget().daily();
    dev.weft.proto.costs.v1.TenantBudget.Builder built =
        dev.weft.proto.costs.v1.TenantBudget.newBuilder()
            .setTenantId(spending.budget().tenant())
            .setResetTime(Timestamp.newBuilder().setSeconds(spending.resets().getEpochSecond()))
            .setCounting(!spending.counted());
    if (daily.isSet()) {
      built
          .setDaily(money(daily.micros(), daily))
          .setUsed(money(spending.usedMicros(), daily))
          .setReserved(money(spending.reservedMicros(), daily))
          .setLeft(money(spending.leftMicros(), daily));
    }
    if (spending.budget().dailyTokens() > 0) {
      built.setTokens(tokens(spending.tokens()));
    }
    return built.build();
  }

  private static TenantTokens tokens(TokenStanding standing) {
    return TenantTokens.newBuilder()
        .setDaily(standing.daily())
        .setUsed(standing.used())
        .setReserved(standing.reserved())
        .setLeft(standing.left())
        .build();
  }

  private static Money money(long micros, Budget daily) {
    return Money.newBuilder()
        .setCurrencyCode(daily.currency())
        .setMicros(micros)
        .setAmount(Charge.amount(micros))
        .build();
  }
}
