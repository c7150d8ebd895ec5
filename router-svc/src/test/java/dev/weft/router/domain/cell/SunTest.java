package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.effort.Complexity;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.region.Geography;
import dev.weft.router.domain.region.Regions;
import dev.weft.router.domain.region.SunHours;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A cell in which the hour changes. */
class SunTest {

  private static final Geography NIGHTS =
      new Geography(
          Regions.STANDARD,
          SunHours.of(
              "rules", List.of("us-east-1=America/New_York:19-20", "eu-west-1=Europe/Dublin:1-2")));

  @Test
  void whenTheHourChangesHeavyWorkThatComesThenGoesElsewhere() {
    CellFixture mesh =
        new CellFixture(Policies.of(PlacementPolicy.STANDARD, OrderPolicy.STANDARD, NIGHTS));
    TestLink virginia = mesh.join(Workers.view(1, Map.of(), site("us-east-1")), 4);
    TestLink ireland = mesh.join(Workers.view(2, Map.of(), site("eu-west-1")), 4);
    // The cell begins at midnight of UTC, which is 19:00 in Virginia.
    complex(mesh);
    assertThat(virginia.assigned).hasSize(1);
    mesh.succeed(virginia, virginia.last());

    mesh.stall(Duration.ofHours(1));
    mesh.pass(Duration.ofSeconds(2));
    mesh.cell.hello(virginia, virginia.hello(2, 4));
    mesh.cell.hello(ireland, ireland.hello(2, 4));
    complex(mesh);

    assertThat(virginia.assigned).hasSize(1);
    assertThat(ireland.assigned).hasSize(1);
  }

  private static void complex(CellFixture mesh) {
    mesh.submit(
        CellFixture.terms(PriorityClass.P4, Workers.of(Complexity.COMPLEX), RetryTerms.DEFAULT));
    mesh.commit();
  }

  private static Site site(String region) {
    return new Site(region, 50, 0, "USD", true);
  }
}
