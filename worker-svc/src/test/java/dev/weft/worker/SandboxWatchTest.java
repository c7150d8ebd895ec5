package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.Tally;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.WorkView.Activity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SandboxWatchTest {

  private Activity activity = Activity.FAILED;
  private Optional<String> fault = Optional.empty();
  private int tries;
  private int repairs;
  private final SandboxWatch watch =
      new SandboxWatch(
          () -> CompletableFuture.completedFuture(view()),
          () -> {
            tries++;
            return fault;
          },
          () -> repairs++);

  @Test
  void twoGoodTriesInARowBringAFailedWorkerBack() {
    watch.look();
    assertThat(repairs).isZero();
    watch.look();
    assertThat(repairs).isEqualTo(1);
  }

  @Test
  void aBadTryBetweenStartsAnew() {
    watch.look();
    fault = Optional.of("exit code 1");
    watch.look();
    fault = Optional.empty();
    watch.look();
    assertThat(repairs).isZero();
    watch.look();
    assertThat(repairs).isEqualTo(1);
  }

  @Test
  void aWorkerThatIsWellIsNotTried() {
    activity = Activity.EXECUTING;
    watch.look();
    watch.look();
    assertThat(tries).isZero();
    assertThat(repairs).isZero();
  }

  private WorkView view() {
    Tally.Totals none = new Tally.Totals(0, 3, Duration.ZERO, 0);
    return new WorkView(activity, 4, 0, List.of(), none, true, false);
  }
}
