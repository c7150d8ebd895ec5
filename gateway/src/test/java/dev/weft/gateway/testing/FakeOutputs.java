package dev.weft.gateway.testing;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputGap;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.internal.artifact.v1.OutputClosed;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.proto.internal.artifact.v1.TailOutputRequest;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The logs of the artifact service, which all its replicas show alike. */
public final class FakeOutputs extends OutputServiceGrpc.OutputServiceImplBase {

  /** After which number the next tail breaks; used once; 0 is never. */
  public final AtomicLong breakAfter = new AtomicLong();

  /** Tails that were ever asked for. */
  public final AtomicInteger asked = new AtomicInteger();

  private final Map<String, Log> logs = new HashMap<>();
  private final List<Tail> tails = new CopyOnWriteArrayList<>();

  private static final class Log {
    final String tenant;
    final List<TailOutputResponse> steps = new ArrayList<>();
    long last;
    boolean closed;

    Log(String tenant) {
      this.tenant = tenant;
    }
  }

  public int tailing() {
    return tails.size();
  }

  public synchronized void open(String tenant, String taskId, int attempt) {
    logs.put(taskId + "/" + attempt, new Log(tenant));
  }

  public void write(String taskId, int attempt, String text) {
    write(taskId, attempt, OutputSource.OUTPUT_SOURCE_STDOUT, ByteString.copyFromUtf8(text));
  }

  public void write(String taskId, int attempt, OutputSource source, ByteString data) {
    synchronized (this) {
      Log log = logs.get(taskId + "/" + attempt);
      log.last++;
      log.steps.add(
          TailOutputResponse.newBuilder()
              .setChunk(
                  OutputChunk.newBuilder()
                      .setNumber(log.last)
                      .setSource(source)
                      .setAttempt(attempt)
                      .setData(data))
              .build());
    }
    tails.forEach(Tail::go);
  }

  public void gap(String taskId, int attempt, int count) {
    synchronized (this) {
      Log log = logs.get(taskId + "/" + attempt);
      log.steps.add(
          TailOutputResponse.newBuilder()
              .setGap(
                  OutputGap.newBuilder()
                      .setAttempt(attempt)
                      .setFromNumber(log.last + 1)
                      .setToNumber(log.last + count)
                      .setReason("LOG_GAP"))
              .build());
      log.last += count;
    }
    tails.forEach(Tail::go);
  }

  public void close(String taskId, int attempt) {
    synchronized (this) {
      logs.get(taskId + "/" + attempt).closed = true;
    }
    tails.forEach(Tail::go);
  }

  @Override
  public void tailOutput(TailOutputRequest request, StreamObserver<TailOutputResponse> observer) {
    asked.incrementAndGet();
    Log log;
    synchronized (this) {
      log = logs.get(request.getTaskId() + "/" + request.getAttempt());
    }
    if (log == null || !log.tenant.equals(request.getTenant())) {
      observer.onError(StoreState.failure("LOG_NOT_FOUND", Code.NOT_FOUND, "log: none was opened"));
      return;
    }
    Tail tail = new Tail(log, request, (ServerCallStreamObserver<TailOutputResponse>) observer);
    tails.add(tail);
    tail.go();
  }

  private final class Tail {

    private final Log log;
    private final TailOutputRequest request;
    private final ServerCallStreamObserver<TailOutputResponse> observer;
    private int next;
    private boolean over;

    Tail(
        Log log, TailOutputRequest request, ServerCallStreamObserver<TailOutputResponse> observer) {
      this.log = log;
      this.request = request;
      this.observer = observer;
      observer.setOnCancelHandler(this::end);
      observer.setOnReadyHandler(this::go);
    }

    private synchronized void end() {
      over = true;
      tails.remove(this);
    }

    synchronized void go() {
      while (!over && observer.isReady()) {
        TailOutputResponse step = null;
        boolean closed;
        synchronized (FakeOutputs.this) {
          if (next < log.steps.size()) {
            step = log.steps.get(next++);
          }
          closed = log.closed;
        }
        if (step == null) {
          if (closed || !request.getFollow()) {
            finish(closed);
          }
          return;
        }
        long number = Math.max(step.getChunk().getNumber(), step.getGap().getToNumber());
        if (number <= request.getAfterNumber()) {
          continue;
        }
        observer.onNext(step);
        if (breakAfter.get() > 0 && number >= breakAfter.get()) {
          breakAfter.set(0);
          end();
          observer.onError(StoreState.gone());
        }
      }
    }

    private void finish(boolean closed) {
      end();
      if (closed) {
        observer.onNext(
            TailOutputResponse.newBuilder()
                .setClosed(OutputClosed.newBuilder().setLastNumber(log.last))
                .build());
      }
      observer.onCompleted();
    }
  }
}
