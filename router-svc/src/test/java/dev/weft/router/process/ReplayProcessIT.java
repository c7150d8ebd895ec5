package dev.weft.router.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.proto.placement.v1.ReplayNote;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What if, asked of a real router over what it has stored in a real PostgreSQL. */
@WithPostgres
class ReplayProcessIT {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration HELD = Duration.ofSeconds(2);
  private final ScratchDatabase database;
  private @TempDir Path directory;
  private ProcessRig rig;

  @SuppressWarnings("NullAway.Init") // JUnit calls open()
  ReplayProcessIT(ScratchDatabase database) {
    this.database = database;
  }

  @BeforeEach
  void open() throws IOException {
    rig = new ProcessRig(database, directory, 1);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void fourWorkersWouldHaveSparedTheWaitAndTheReplaysOwnErrorIsTold() {
    rig.start(0, Map.of());
    rig.awaitSucceeded(rig.submittedAtLast().getId(), START);
    Instant since = Instant.now();
    rig.worker.hold(true);
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tasks.add(rig.submitted().getId());
    }
    long held = System.nanoTime();
    await().until(() -> rig.worker.runningNow() == 1);
    await().until(() -> System.nanoTime() - held > HELD.toNanos());
    rig.worker.hold(false);
    tasks.forEach(id -> rig.awaitSucceeded(id, START));

    ReplayPlacementResponse report =
        rig.replay(
            ReplayPlacementRequest.newBuilder()
                .setSince(Timestamps.fromMillis(since.toEpochMilli()))
                .setWorkerCount(4)
                .build());

    assertThat(report.getTaskCount()).isEqualTo(4);
    assertThat(report.getRecorded().getSucceededCount()).isEqualTo(4);
    assertThat(Durations.toMillis(report.getRecorded().getWaitP99())).isGreaterThan(1_900);
    assertThat(Durations.toMillis(report.getReplayed().getWaitP99())).isGreaterThan(1_500);
    assertThat(Durations.toMillis(report.getProposed().getWaitP99())).isLessThan(500);
    assertThat(report.getProposed().getWorkerCount()).isEqualTo(4);
    assertThat(report.getError().getComparedCount()).isEqualTo(4);
    assertThat(report.getError().getSameWorkerCount()).isEqualTo(4);
    assertThat(Durations.toMillis(report.getError().getWaitMeanError())).isLessThan(500);
  }

  @Test
  void aFewSecondsLaterTheFleetIsTheRecordedOne() {
    rig.start(0, Map.of());
    rig.awaitSucceeded(rig.submittedAtLast().getId(), START);

    await()
        .atMost(START)
        .untilAsserted(
            () ->
                assertThat(rig.replay(ReplayPlacementRequest.getDefaultInstance()).getNotesList())
                    .extracting(ReplayNote::getReason)
                    .doesNotContain("FLEET_AS_NOW"));
    ReplayPlacementResponse later = rig.replay(ReplayPlacementRequest.getDefaultInstance());
    assertThat(later.getReplayed().getWorkerCount()).isEqualTo(1);
    assertThat(later.getReplayed().getSucceededCount()).isEqualTo(later.getTaskCount());
    assertThat(rig.logs()).doesNotContain("is not stored");
  }
}
