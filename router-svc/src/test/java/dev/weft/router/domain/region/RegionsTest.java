package dev.weft.router.domain.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegionsTest {

  private static final String FIELD = "WEFT_PLACEMENT_REGIONS";
  private final Regions regions = Regions.STANDARD;

  @Test
  void tokyoIsTenThousandKilometresFromVirginiaAndTheSameBack() {
    Position tokyo = regions.positions().get("ap-northeast-1");
    Position virginia = regions.positions().get("us-east-1");
    assertThat(tokyo.kilometresTo(virginia)).isCloseTo(10_900, within(100.0));
    for (String one : regions.positions().keySet()) {
      for (String other : regions.positions().keySet()) {
        assertThat(regions.nearness(one, other))
            .isBetween(0.0, 1.0)
            .isCloseTo(regions.nearness(other, one), within(1e-12));
      }
    }
  }

  @Test
  void theSameRegionIsNearestOneBeyondTheSeaFarAndOneThatNobodyKnowsFarthest() {
    assertThat(regions.nearness("ap-northeast-1", "ap-northeast-1")).isEqualTo(1);
    assertThat(regions.nearness("ap-northeast-1", "ap-northeast-3")).isBetween(0.95, 1.0);
    assertThat(regions.nearness("ap-northeast-1", "us-east-1")).isBetween(0.1, 0.2);
    assertThat(regions.nearness("eu-west-1", "ap-southeast-2")).isZero();
    assertThat(regions.nearness("atlantis", "us-east-1")).isZero();
    assertThat(regions.nearness("atlantis", "atlantis")).isEqualTo(1);
  }

  @Test
  void aTableAddsRegionsAndReplacesThem() {
    Regions own = regions.with(FIELD, List.of("office=48.1/11.6", "us-east-1=-33.9/151.2"));
    assertThat(own.nearness("office", "eu-central-1")).isGreaterThan(0.9);
    assertThat(own.nearness("us-east-1", "ap-southeast-2")).isEqualTo(1);
  }

  @Test
  void aRuleThatMeansNothingIsNamed() {
    assertThatThrownBy(() -> regions.with(FIELD, List.of("office=munich")))
        .hasMessageContaining(
            FIELD + ": office=munich (expected: REGION=LATITUDE/LONGITUDE in degrees");
    assertThatThrownBy(() -> regions.with(FIELD, List.of("office=91/0")))
        .hasMessageContaining("position: 91.0/0.0 (expected: -90..90/-180..180)");
    assertThatThrownBy(() -> regions.with(FIELD, List.of("a=1/1", "a=2/2")))
        .hasMessage(FIELD + ": a twice (expected: once)");
  }
}
