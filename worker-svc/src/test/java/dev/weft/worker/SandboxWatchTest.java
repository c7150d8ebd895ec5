package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.Tally.Sandboxes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SandboxWatchTest {

  private Sandboxes state = Sandboxes.FAILED;
  private Optional<String> fault = Optional.empty();
  private int tries;
  private final List<String> found = new ArrayList<>();
  private final SandboxWatch watch =
      new SandboxWatch(
          () -> CompletableFuture.completedFuture(state),
          () -> {
            tries++;
            return fault;
          },
          new Recorded());

  @Test
  void twoGoodTriesInARowBringAFailedWorkerBack() {
    watch.look(Sandboxes.FAILED);
    assertThat(found).isEmpty();
    watch.look(Sandboxes.FAILED);
    assertThat(found).containsExactly("repaired");
  }

  @Test
  void aBadTryBetweenStartsAnew() {
    watch.look(Sandboxes.FAILED);
    fault = Optional.of("exit code 1");
    watch.look(Sandboxes.FAILED);
    fault = Optional.empty();
    watch.look(Sandboxes.FAILED);
    assertThat(found).containsExactly("broken");
    watch.look(Sandboxes.FAILED);
    assertThat(found).containsExactly("broken", "repaired");
  }

  @Test
  void whereTasksBrokeTheirSandboxesOneGoodTryClearsTheWorker() {
    state = Sandboxes.SUSPECT;
    watch.look(Sandboxes.SUSPECT);
    assertThat(found).containsExactly("repaired");
  }

  @Test
  void aTryWithoutATaskThatFailsShowsThatItIsTheWorker() {
    state = Sandboxes.SUSPECT;
    fault = Optional.of("exit code 1");
    watch.look(Sandboxes.SUSPECT);
    assertThat(found).containsExactly("broken");
  }

  @Test
  void aWorkerThatIsWellIsNotTried() {
    state = Sandboxes.WELL;
    watch.look(Sandboxes.SUSPECT);
    watch.look(Sandboxes.FAILED);
    assertThat(tries).isZero();
    assertThat(found).isEmpty();
  }

  private final class Recorded implements SandboxWatch.Findings {
    @Override
    public void broken() {
      found.add("broken");
    }

    @Override
    public void repaired() {
      found.add("repaired");
    }
  }
}
