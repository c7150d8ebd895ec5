package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.workers.v1.LlmModel;
import dev.weft.proto.workers.v1.Location;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.router.domain.fleet.PlaceRule;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.Workers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerProtoMapperTest {

  private static final WorkerProfile PROFILE =
      WorkerProfile.newBuilder()
          .setName("planner-01")
          .addExecutors("shell")
          .addQueues("planning")
          .addQueues("review")
          .addLlmModels(LlmModel.newBuilder().setModel("qwen").setMaxContext(32_000))
          .setLocation(Location.newBuilder().setRegion("eu"))
          .build();

  @Test
  void whatAWorkerCanDoAndForWhomReachesTheFilter() {
    WorkerView view = view(PROFILE);

    assertThat(view.name()).isEqualTo("planner-01");
    assertThat(view.verdict().status()).isEqualTo(Verdict.Status.READY);
    assertThat(view.skills().executors()).containsExactly("shell");
    assertThat(view.skills().llmModels()).containsEntry("qwen", 32_000);
    assertThat(view.skills().queues()).containsExactlyInAnyOrder("planning", "review");
    assertThat(view.site().region()).isEqualTo("eu");
  }

  @Test
  void aWorkerThatNamesNoQueueServesTheDefaultOne() {
    assertThat(view(PROFILE.toBuilder().clearQueues().build()).skills().queues())
        .containsExactly("default");
  }

  @ParameterizedTest
  @CsvSource({
    "'',      home, 9000000, false",
    "'',      eu,   9000000, true",
    "'',      eu,   0,       false",
    "cloud,   home, 0,       true",
    "local,   eu,   9000000, false",
    "nowhere, eu,   9000000, true"
  })
  void whereAWorkerStandsItSaysItselfElseItsRegionElseItsPrice(
      String label, String region, long micros, boolean cloud) {
    WorkerProfile.Builder profile = PROFILE.toBuilder();
    profile.getLocationBuilder().setRegion(region);
    profile.getPriceBuilder().setMicrosPerHour(micros).setCurrencyCode("USD");
    if (!label.isEmpty()) {
      profile.putLabels("place", label);
    }
    assertThat(view(profile.build()).site().cloud()).isEqualTo(cloud);
  }

  private static WorkerView view(WorkerProfile profile) {
    return WorkerProtoMapper.view(
        Worker.newBuilder()
            .setId(WireIds.text(Workers.id(1)))
            .setState(WorkerState.WORKER_STATE_READY)
            .setProfile(profile)
            .build(),
        PlaceRule.of(List.of("home")));
  }
}
