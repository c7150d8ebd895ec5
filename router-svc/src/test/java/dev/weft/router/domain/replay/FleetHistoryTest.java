package dev.weft.router.domain.replay;

import static dev.weft.router.domain.replay.ReplayRig.START;
import static dev.weft.router.domain.replay.ReplayRig.at;
import static dev.weft.router.domain.replay.ReplayRig.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who was there when, cut to a range. */
class FleetHistoryTest {

  private final ReplayRig rig = new ReplayRig();

  @Test
  void aRangeBeginsWithWhoIsThereThenAndEndsBeforeItsEnd() {
    FleetHistory history =
        new FleetHistory(
            List.of(
                FleetEvent.there(at(-100), worker(1, 1)),
                FleetEvent.there(at(-90), worker(2, 1)),
                FleetEvent.gone(at(-50), Workers.id(2)),
                FleetEvent.there(at(-40), worker(1, 3)),
                FleetEvent.there(at(10), worker(3, 1)),
                FleetEvent.gone(at(60), Workers.id(1))));

    FleetHistory range = history.within(START, at(60));

    assertThat(range.events())
        .containsExactly(
            FleetEvent.there(START, worker(1, 3)), FleetEvent.there(at(10), worker(3, 1)));
    assertThat(range.workers()).containsExactly(worker(1, 3), worker(3, 1));
  }

  @Test
  void itCoversAWorkloadThatRanOnWorkersItKnewByThen() {
    rig.succeeded(PriorityClass.P4, 1, 1, 2, 3);
    Workload workload = rig.workload(Duration.ofMinutes(1));

    assertThat(new FleetHistory(List.of()).covers(workload)).isFalse();
    assertThat(knownSince(1, 0).covers(workload)).isTrue();
    assertThat(knownSince(1, 6.5).covers(workload)).as("a moment to be stored").isTrue();
    assertThat(knownSince(1, 7.5).covers(workload)).isFalse();
    assertThat(knownSince(2, 0).covers(workload)).as("another worker").isFalse();
  }

  @Test
  void aWorkerIsReadBackAsItWasWritten() {
    FleetWorker worker = worker(1, 4);
    Document stored = FleetWorkerCodec.encode(worker);

    FleetWorker read = FleetWorkerCodec.decode(worker.id(), stored);

    assertThat(read.view()).isEqualTo(worker.view());
    assertThat(read.capacity().slots()).isEqualTo(worker.capacity().slots());
    assertThat(read.capacity().resources()).isEqualTo(worker.capacity().resources());
    assertThat(FleetWorkerCodec.encode(read)).isEqualTo(stored);
  }

  @Test
  void whatIsCutShortOrOfALaterBuildIsRefused() {
    byte[] bytes = FleetWorkerCodec.encode(worker(1, 4)).bytes();
    Document cut = Document.of(Arrays.copyOf(bytes, bytes.length - 1));
    byte[] later = bytes.clone();
    later[0] = 2;

    assertThatThrownBy(() -> FleetWorkerCodec.decode(Workers.id(1), cut))
        .hasMessage("worker: cut short");
    assertThatThrownBy(() -> FleetWorkerCodec.decode(Workers.id(1), Document.of(later)))
        .hasMessage("worker version: 2 (expected: 1)");
  }

  private static FleetHistory knownSince(int number, double seconds) {
    return new FleetHistory(List.of(FleetEvent.there(at(seconds), worker(number, 1))));
  }
}
