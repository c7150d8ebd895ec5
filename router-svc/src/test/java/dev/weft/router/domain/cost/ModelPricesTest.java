package dev.weft.router.domain.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelPricesTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final ModelPrice CHEAP = new ModelPrice("small", "USD", 1_000_000, 2_000_000);
  private static final ModelPrice DEAR = new ModelPrice("small", "USD", 3_000_000, 15_000_000);

  private final ModelPrices prices =
      new ModelPrices(
          List.of(
              change(CHEAP, 1, NOON),
              change(new ModelPrice("large", "EUR", 9, 9), 2, NOON),
              change(DEAR, 3, NOON.plusSeconds(10)),
              change(ModelPrice.none("small"), 4, NOON.plusSeconds(20))));

  @Test
  void anAttemptPaysWhatItsModelCostWhenItWasLeased() {
    assertThat(prices.at("small", NOON.minusNanos(1))).isEmpty();
    assertThat(prices.at("small", NOON)).contains(CHEAP);
    assertThat(prices.at("small", NOON.plusSeconds(19))).contains(DEAR);
    assertThat(prices.at("small", NOON.plusSeconds(20))).isEmpty();
    assertThat(prices.at("unheard", NOON)).isEmpty();
  }

  @Test
  void onlyModelsWithAPriceInTheCurrencyAreCharged() {
    TokenUse use =
        new TokenUse(
            new TreeMap<>(
                Map.of(
                    "small", new TokenCount(1_000_000, 1_000_000),
                    "large", new TokenCount(1_000_000, 0),
                    "unheard", new TokenCount(7, 7))));

    assertThat(prices.charge(use, NOON, "USD").micros()).isEqualTo(3_000_000);
    assertThat(prices.charge(use, NOON, "EUR").micros()).isEqualTo(9);
    assertThat(prices.charge(use, NOON.minusSeconds(1), "USD")).isEqualTo(Charge.NONE);
  }

  @Test
  void aPartOfATokensPriceIsNotLostInASum() {
    ModelPrice price = new ModelPrice("small", "USD", 1, 0);
    Charge one = price.charge(new TokenCount(1, 0));
    Charge sum = Charge.NONE;
    for (int i = 0; i < 1_000_000; i++) {
      sum = sum.plus(one);
    }

    assertThat(one.micros()).isZero();
    assertThat(sum.micros()).isEqualTo(1);
    assertThat(
            new ModelPrice("small", "USD", ModelPrice.MOST, ModelPrice.MOST)
                .charge(new TokenCount(Long.MAX_VALUE, Long.MAX_VALUE))
                .micros())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void everyVersionOfTheTableCanBeRead() {
    assertThat(prices.version()).isEqualTo(4);
    assertThat(prices.first()).isEqualTo(1);
    assertThat(prices.table(4)).extracting(DatedPrice::version).containsExactly(2L);
    assertThat(prices.table(3)).extracting(DatedPrice::version).containsExactly(2L, 3L);
    assertThat(prices.table(1)).extracting(DatedPrice::version).containsExactly(1L);
    assertThat(prices.now("small")).isEmpty();
    assertThat(ModelPrices.NONE.version()).isZero();
  }

  @Test
  void whatIsNoPriceIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelPrice("small", "USD", -1, 0))
        .withMessage("input_micros: -1 (expected: 0..1000000000000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelPrice("", "USD", 0, 0))
        .withMessageContaining("model: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelPrice("small", "", 1, 0))
        .withMessage("currency of small: none (expected: one)");
    assertThat(new ModelPrice("free", "USD", 0, 0).isSet()).isTrue();
  }

  private static DatedPrice change(ModelPrice price, long version, Instant since) {
    return new DatedPrice(price, version, since, "ops/root");
  }
}
