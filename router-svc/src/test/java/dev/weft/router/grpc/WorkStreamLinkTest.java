package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.PlacerWelcome;
import dev.weft.proto.internal.work.v1.WorkResponse;
import dev.weft.proto.internal.work.v1.WorkResponse.StepCase;
import dev.weft.router.domain.cell.Welcome;
import dev.weft.router.domain.task.TaskId;
import io.grpc.stub.CallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkStreamLinkTest {

  private static final WorkResponse WELCOME =
      WorkResponse.newBuilder().setWelcome(PlacerWelcome.newBuilder().setEpoch(3)).build();

  private final Receiver receiver = new Receiver();
  private final WorkStreamLink link =
      new WorkStreamLink(receiver, new StreamSpans(TaskSpans.none(), "wkr_me"));

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

  @Test
  void whatIsToldBetweenTwoFlushesIsOneFrame() {
    link.cancel(key(1));
    link.acknowledge(key(2));
    link.acknowledge(key(3));
    assertThat(receiver.received).isEmpty();

    link.flush();
    link.flush();

    PlacerFrame frame = receiver.frame();
    assertThat(frame.getCancelsList()).extracting(AttemptKey::getFence).containsExactly(1L);
    assertThat(frame.getAckedResultsList())
        .extracting(AttemptKey::getFence)
        .containsExactly(2L, 3L);
  }

  @Test
  void aFrameThatIsFullIsNotHeldBackForMore() {
    for (int fence = 1; fence <= 10_000; fence++) {
      link.acknowledge(key(fence));
    }

    assertThat(receiver.received).hasSizeBetween(2, 20);
    assertThat(receiver.received)
        .allSatisfy(one -> assertThat(one.getSerializedSize()).isLessThan(512 << 10));
  }

  @Test
  void aWelcomeIsToldAtOnceAndAfterWhatCameBefore() {
    link.renewed(7);

    link.welcome(new Welcome(3, List.of(), List.of(), List.of(), Duration.ofSeconds(10)));

    assertThat(receiver.received)
        .extracting(WorkResponse::getStepCase)
        .containsExactly(StepCase.FRAME, StepCase.WELCOME);
  }

  private static dev.weft.router.domain.cell.AttemptKey key(long fence) {
    return new dev.weft.router.domain.cell.AttemptKey(new TaskId(1, fence), 1, fence);
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

  /** A worker that takes whatever comes. */
  private static final class Receiver extends CallStreamObserver<WorkResponse> {

    private final List<WorkResponse> received = new ArrayList<>();

    PlacerFrame frame() {
      assertThat(received).hasSize(1);
      return received.getFirst().getFrame();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void onNext(WorkResponse response) {
      received.add(response);
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
