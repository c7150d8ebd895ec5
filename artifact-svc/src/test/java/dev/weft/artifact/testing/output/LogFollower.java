package dev.weft.artifact.testing.output;

import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Follows a log as a gateway does: asks again after the last number when it is sent away. Checks
 * that every chunk comes once, in order, with its own bytes.
 */
public final class LogFollower {

  private final Channel replica;
  private final String tenant;
  private final String task;
  private final boolean checked;
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private volatile long last;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();

  /**
   * @param checked compares the bytes too
   */
  public LogFollower(Channel replica, String tenant, String task, boolean checked) {
    this.replica = replica;
    this.tenant = tenant;
    this.task = task;
    this.checked = checked;
  }

  public LogFollower start() {
    Thread.ofVirtual().name("follower").start(this::follow);
    return this;
  }

  /** Ends with the log's last number. */
  public CompletableFuture<Long> done() {
    return done;
  }

  public long last() {
    return last;
  }

  public long bytes() {
    return bytes.get();
  }

  /** How often it had to ask. */
  public int asked() {
    return asked.get();
  }

  private void follow() {
    try {
      while (!done.isDone()) {
        asked.incrementAndGet();
        CountDownLatch ended = new CountDownLatch(1);
        OutputServiceGrpc.newStub(replica)
            .tailOutput(
                TestReader.query(tenant, task).setAfterNumber(last).build(), new Reading(ended));
        ended.await();
        Thread.sleep(50);
      }
    } catch (InterruptedException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private final class Reading implements StreamObserver<TailOutputResponse> {

    private final CountDownLatch ended;

    Reading(CountDownLatch ended) {
      this.ended = ended;
    }

    @Override
    public void onNext(TailOutputResponse step) {
      switch (step.getStepCase()) {
        case CHUNK -> {
          long number = step.getChunk().getNumber();
          int size = step.getChunk().getData().size();
          if (number != last + 1
              || (checked && !step.getChunk().getData().equals(LogPump.content(number, size)))) {
            done.completeExceptionally(
                new AssertionError("chunk " + number + " after " + last + ", or other bytes"));
          }
          last = number;
          bytes.addAndGet(size);
        }
        case GAP -> done.completeExceptionally(new AssertionError("gap: " + step.getGap()));
        case CLOSED -> done.complete(step.getClosed().getLastNumber());
        case HEARTBEAT, STEP_NOT_SET -> {
          // It lives.
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }
  }
}
