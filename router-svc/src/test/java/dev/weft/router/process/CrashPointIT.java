package dev.weft.router.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.router.app.CrashPoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** R12: a router that dies as by SIGKILL at each of its named places. */
@WithPostgres
class CrashPointIT {

  private static final int SLOTS = 64;
  private static final int DEATHS = 10;
  private static final Duration SOON = Duration.ofSeconds(30);

  private final ScratchDatabase database;
  private @TempDir Path directory;
  private ProcessRig rig;

  @SuppressWarnings("NullAway.Init") // JUnit calls open()
  CrashPointIT(ScratchDatabase database) {
    this.database = database;
  }

  @BeforeEach
  void open() throws IOException {
    rig = new ProcessRig(database, directory, SLOTS);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @EnumSource
  void whereverAProcessDiesWhatWasAckedEndsOnce(CrashPoints.Point point) {
    dieAt(point + ":3");
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("sweep")
  void atWhicheverVisitToo(String point) {
    dieAt(point);
  }

  static Stream<String> sweep() {
    return Stream.of(CrashPoints.Point.values())
        .flatMap(point -> IntStream.rangeClosed(1, DEATHS).mapToObj(visit -> point + ":" + visit));
  }

  private void dieAt(String point) {
    RouterProcess doomed = rig.start(0, Map.of("WEFT_TEST_CRASH_POINT", point));
    List<String> acked = new ArrayList<>();
    while (doomed.alive()) {
      try {
        Task task = acked.isEmpty() ? rig.submittedAtLast() : rig.submitted();
        acked.add(task.getId());
        if (acked.size() == 1) {
          rig.start(1, Map.of());
        }
      } catch (RuntimeException | AssertionError e) {
        assertThat(doomed.awaitExit()).as(doomed.logText()).isEqualTo(137);
      }
    }
    if (acked.isEmpty()) {
      rig.start(1, Map.of());
    }
    acked.add(rig.submittedAtLast().getId());
    acked.forEach(id -> rig.awaitSucceeded(id, SOON));
    allCreditIsBack();
  }

  /** Whatever was leased at the death: as many as the worker has slots can run at once again. */
  private void allCreditIsBack() {
    rig.worker.hold(true);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      all.add(rig.submitted().getId());
    }
    await().atMost(SOON).untilAsserted(() -> assertThat(rig.worker.runningNow()).isEqualTo(SLOTS));
    rig.worker.hold(false);
    all.forEach(id -> rig.awaitSucceeded(id, SOON));
  }
}
