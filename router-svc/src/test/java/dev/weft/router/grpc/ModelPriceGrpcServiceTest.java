package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.proto.costs.v1.ModelPrice;
import dev.weft.proto.internal.cell.v1.ChangeModelPriceRequest;
import dev.weft.proto.internal.cell.v1.DropModelPriceRequest;
import dev.weft.proto.internal.cell.v1.DropModelPriceResponse;
import dev.weft.proto.internal.cell.v1.FetchModelPricesRequest;
import dev.weft.proto.internal.cell.v1.FetchModelPricesResponse;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelPriceGrpcServiceTest {

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void close() {
    router.close();
  }

  @Test
  void everyChangeIsAVersionThatCanBeReadAndThatTheNextPlacerKnows() {
    assertThat(table(0).getVersion()).isZero();
    ModelPrice small = set("small", 3_000_000, 15_000_000, "USD");
    assertThat(small.getVersion()).isEqualTo(1);
    assertThat(small.getAuthor()).isEqualTo("ops/root");
    assertThat(small.getSetTime().getSeconds()).isPositive();
    set("large", 5, 6, "EUR");
    assertThat(set("small", 3_000_000, 15_000_000, "USD")).as("the same again").isEqualTo(small);
    assertThat(set("small", 1, 2, "USD").getVersion()).isEqualTo(3);

    router.standsBy();
    router.holding();

    FetchModelPricesResponse now = table(0);
    assertThat(now.getVersion()).isEqualTo(3);
    assertThat(now.getPricesList())
        .extracting(price -> price.getModel() + " " + price.getInputMicros())
        .containsExactly("large 5", "small 1");
    assertThat(table(2).getPricesList())
        .extracting(price -> price.getModel() + " " + price.getInputMicros())
        .containsExactly("large 5", "small 3000000");
  }

  @Test
  void whatIsTakenAwayIsGoneFromTheNextVersion() {
    set("small", 1, 2, "USD");
    DropModelPriceResponse dropped = drop("small");
    assertThat(dropped.getDropped()).isTrue();
    assertThat(dropped.getVersion()).isEqualTo(2);
    assertThat(drop("small").getDropped()).isFalse();
    assertThat(table(0).getPricesList()).isEmpty();
    assertThat(table(1).getPricesList()).hasSize(1);
  }

  @Test
  void aChangeWhoseReplyIsLostHoldsAllTheSame() {
    router.modelPrices.loseNextReply();
    assertThatThrownBy(() -> set("small", 1, 2, "USD")).hasMessageContaining("does not answer");
    await().until(() -> table(0).getPricesCount() == 1);
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    set("small", 1, 2, "USD");
    refused(() -> set("", 1, 2, "USD"), "model:  (expected: 1..128 ASCII characters)");
    refused(() -> set("m".repeat(129), 1, 2, "USD"), "(expected: 1..128 ASCII characters)");
    refused(() -> set("small", 1, 2, "usd"), "currency_code: usd (expected: a code of ISO 4217");
    refused(() -> set("small", -1, 2, "USD"), "input_micros: -1 (expected: 0..1000000000000)");
    refused(
        () -> set("small", 1, 1_000_000_000_001L, "USD"),
        "output_micros: 1000000000001 (expected: 0..1000000000000)");
    refused(() -> table(2), "version: 2 (expected: 1..1, or 0 for the newest)");
    refused(() -> table(-1), "version: -1 (expected: 1..1");
    assertThat(table(0).getVersion()).isEqualTo(1);
  }

  @Test
  void aFullTableTakesNoOtherModelButChangesThoseItHas() {
    for (int i = 0; i < 1_000; i++) {
      set("m" + i, 1, 2, "USD");
    }
    refused(() -> set("small", 1, 2, "USD"), "model: small (expected: one of the 1000");
    assertThat(set("m7", 2, 2, "USD").getVersion()).isEqualTo(1_001);
  }

  @Test
  void aStandbySendsToTheHolder() {
    router.standsBy();
    refused(() -> set("small", 1, 2, "USD"), "not here");
  }

  private static void refused(Runnable call, String words) {
    assertThatThrownBy(call::run)
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining(words);
  }

  private ModelPrice set(String model, long input, long output, String currency) {
    return router
        .modelPriceService()
        .changeModelPrice(
            ChangeModelPriceRequest.newBuilder()
                .setModel(model)
                .setCurrencyCode(currency)
                .setInputMicros(input)
                .setOutputMicros(output)
                .setAuthor("ops/root")
                .build())
        .getPrice();
  }

  private DropModelPriceResponse drop(String model) {
    return router
        .modelPriceService()
        .dropModelPrice(
            DropModelPriceRequest.newBuilder().setModel(model).setAuthor("ops/root").build());
  }

  private FetchModelPricesResponse table(long version) {
    return router
        .modelPriceService()
        .fetchModelPrices(FetchModelPricesRequest.newBuilder().setVersion(version).build());
  }
}
