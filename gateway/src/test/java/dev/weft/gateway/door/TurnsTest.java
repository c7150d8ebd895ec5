package dev.weft.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

  @Test
  void everyConnectionBeginsWithTheNextReplicaAndKnowsTheOthers() {
    Turns turns = new Turns(() -> List.of("b:1", "a:1"));

    assertThat(turns.get()).containsExactly("a:1", "b:1");
    assertThat(turns.get()).containsExactly("b:1", "a:1");
    assertThat(turns.get()).containsExactly("a:1", "b:1");
  }

  @Test
  void nobodyIsNobody() {
    assertThat(new Turns(List::of).get()).isEmpty();
  }
}
