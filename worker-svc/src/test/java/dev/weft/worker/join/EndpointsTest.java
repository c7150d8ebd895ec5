package dev.weft.worker.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndpointsTest {

  private static final Endpoints BOTH = work(false, "a:1", "b:1");

  @Test
  void aReplicaThatTheCatalogueMissesForAMomentStaysKnown() {
    assertThat(work(false, "b:1").over(BOTH).work()).containsExactly("b:1", "a:1");
  }

  @Test
  void theOldestAreForgottenFirst() {
    Endpoints fresh = work(false, "c:1", "d:1", "e:1");

    assertThat(fresh.over(BOTH).work()).containsExactly("c:1", "d:1", "e:1", "a:1");
  }

  @Test
  void innerAddressesAreOfNoUseBehindTheDoor() {
    assertThat(work(true, "door:1").over(BOTH).work()).containsExactly("door:1");
  }

  private static Endpoints work(boolean throughDoor, String... addresses) {
    return new Endpoints(
        List.of(addresses), List.of(), List.of(), List.of(), throughDoor, Optional.empty());
  }
}
