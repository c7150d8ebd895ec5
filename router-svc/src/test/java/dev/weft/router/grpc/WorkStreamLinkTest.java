package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.PlacerWelcome;
import dev.weft.proto.internal.work.v1.WorkResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkStreamLinkTest {

  private static final WorkResponse WELCOME =
      WorkResponse.newBuilder().setWelcome(PlacerWelcome.newBuilder().setEpoch(3)).build();

  @Test
  void framesThatWaitBecomeOneInTheirOrder() {
    List<WorkResponse> fewer = WorkStreamLink.coalesce(List.of(cancel(1), ack(2), cancel(3)));

    assertThat(fewer)
        .singleElement()
        .satisfies(
            response -> {
              assertThat(response.getFrame().getCancelsList())
                  .extracting(AttemptKey::getFence)
                  .containsExactly(1L, 3L);
              assertThat(response.getFrame().getAckedResultsList())
                  .extracting(AttemptKey::getFence)
                  .containsExactly(2L);
            });
  }

  @Test
  void theNewestRenewalIsAcknowledged() {
    List<WorkResponse> fewer = WorkStreamLink.coalesce(List.of(renewed(7), cancel(1), renewed(8)));

    assertThat(fewer).singleElement().extracting(r -> r.getFrame().getAckedRenewal()).isEqualTo(8L);
  }

  @Test
  void aWelcomeStaysByItselfAndFirst() {
    List<WorkResponse> fewer = WorkStreamLink.coalesce(List.of(WELCOME, cancel(1), cancel(2)));

    assertThat(fewer).hasSize(2);
    assertThat(fewer.getFirst()).isEqualTo(WELCOME);
    assertThat(fewer.getLast().getFrame().getCancelsCount()).isEqualTo(2);
  }

  private static WorkResponse cancel(long fence) {
    return frame(PlacerFrame.newBuilder().addCancels(AttemptKey.newBuilder().setFence(fence)));
  }

  private static WorkResponse ack(long fence) {
    return frame(PlacerFrame.newBuilder().addAckedResults(AttemptKey.newBuilder().setFence(fence)));
  }

  private static WorkResponse renewed(long number) {
    return frame(PlacerFrame.newBuilder().setAckedRenewal(number));
  }

  private static WorkResponse frame(PlacerFrame.Builder frame) {
    return WorkResponse.newBuilder().setFrame(frame).build();
  }
}
