package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexedHeapTest {

  private static final class Keyed extends IndexedHeap.Item<Keyed> {
    private int key;

    Keyed(int key) {
      this.key = key;
    }

    @Override
    boolean sortsBefore(Keyed other) {
      return key < other.key;
    }
  }

  @Test
  void itGivesTheLeastWhateverCameWentOrChangedItsKey() {
    IndexedHeap<Keyed> heap = new IndexedHeap<>();
    List<Keyed> model = new ArrayList<>();
    Random random = new Random(11);
    for (int i = 0; i < 100_000; i++) {
      int act = random.nextInt(5);
      if (act < 2 || model.isEmpty()) {
        Keyed added = new Keyed(random.nextInt(500));
        heap.add(added);
        model.add(added);
      } else if (act == 2) {
        Keyed moved = model.get(random.nextInt(model.size()));
        moved.key = random.nextInt(500);
        heap.moved(moved);
      } else if (act == 3) {
        Keyed gone = model.remove(random.nextInt(model.size()));
        heap.remove(gone);
        assertThat(heap.holds(gone)).isFalse();
      } else {
        Keyed first = heap.peek();
        assertThat(first).isNotNull();
        heap.remove(first);
        model.remove(first);
      }
      assertThat(heap.isEmpty()).isEqualTo(model.isEmpty());
      if (!model.isEmpty()) {
        assertThat(heap.peek().key).isEqualTo(least(model));
      }
    }
  }

  private static int least(List<Keyed> model) {
    return model.stream().min(Comparator.comparingInt(one -> one.key)).orElseThrow().key;
  }
}
