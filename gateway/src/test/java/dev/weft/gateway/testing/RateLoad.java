package dev.weft.gateway.testing;

import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.AcquireRateResponse;
import dev.weft.proto.limits.v1.LimitServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks for so much of a resource, again and again. */
public final class RateLoad extends DoorLoad {

  private final AcquireRateRequest wish;

  public RateLoad(String bearer, List<Integer> grpcPorts, AcquireRateRequest wish) {
    super(bearer, grpcPorts);
    this.wish = wish;
  }

  @Override
  void fire(Channel channel, StreamObserver<Shot> recorder) {
    long sent = System.nanoTime();
    LimitServiceGrpc.newStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .acquireRate(wish, recorded(recorder, answer -> shot(sent, answer)));
  }

  private Shot shot(long sent, AcquireRateResponse answer) {
    int accepted = answer.getAllowed() ? (int) wish.getAmount() : 0;
    return new Shot(sent, System.nanoTime(), accepted, List.of());
  }
}
