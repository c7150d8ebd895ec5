package dev.weft.artifact.testing.output;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.AppendOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputFrame;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes a log as a worker does: within the window, keeping what is not sealed, and to the next
 * replica when one fails or is silent for a second. A chunk can be made anew from its number.
 */
public final class LogPump implements Runnable {

  private static final long SILENT = Duration.ofSeconds(1).toNanos();
  private static final int FRAME = 256 << 10;
  private static final int PACED_FRAME = 64 << 10;

  private final List<Channel> replicas;
  private final String task;
  private final long fence;
  private final long chunks;
  private final int size;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Object lock = new Object();
  private volatile long sealed;
  private volatile long paceNanos;
  private int turn;

  public LogPump(List<Channel> replicas, String task, long fence, long chunks, int size) {
    this.replicas = List.copyOf(replicas);
    this.task = task;
    this.fence = fence;
    this.chunks = chunks;
    this.size = size;
  }

  /** Sends small frames and waits so long after each. */
  public LogPump pace(Duration pause) {
    paceNanos = pause.toNanos();
    return this;
  }

  /** Runs in a thread of its own. */
  public LogPump start() {
    Thread.ofVirtual().name("pump").start(this);
    return this;
  }

  /** Ends when the log is closed. */
  public CompletableFuture<Void> done() {
    return done;
  }

  /** How far it was told that all is durable. */
  public long sealed() {
    return sealed;
  }

  public static ByteString content(long number, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.remaining() >= Long.BYTES) {
      bytes.putLong(number * 0x9E3779B97F4A7C15L + bytes.position());
    }
    return ByteString.copyFrom(bytes.rewind());
  }

  @Override
  public void run() {
    try {
      while (!new Stream(replicas.get(turn++ % replicas.size())).pump()) {
        Thread.sleep(50);
      }
      done.complete(null);
    } catch (InterruptedException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private final class Stream
      implements ClientResponseObserver<AppendOutputRequest, AppendOutputResponse> {

    private final Channel channel;
    private @Nullable ClientCallStreamObserver<AppendOutputRequest> up;
    private boolean opened;
    private boolean over;
    private boolean closed;
    private long next;
    private long received;
    private long window;
    private long heard = System.nanoTime();

    Stream(Channel channel) {
      this.channel = channel;
    }

    /** Returns whether the log is closed. */
    boolean pump() throws InterruptedException {
      OutputServiceGrpc.newStub(channel).appendOutput(this);
      send(AppendOutputRequest.newBuilder().setOpen(TestWriter.opening(task, fence, sealed + 1)));
      boolean ended = false;
      while (true) {
        OutputFrame.Builder frame = OutputFrame.newBuilder();
        synchronized (lock) {
          while (!over && !closed && !maySend(ended)) {
            lock.wait(100);
            if (System.nanoTime() - heard > SILENT && (!opened || received < next - 1)) {
              over = true;
              if (up != null) {
                up.cancel("silent", null);
              }
            }
          }
          if (over || closed) {
            return closed;
          }
          fill(frame);
          ended = next > chunks;
          frame.setEnd(ended);
        }
        send(AppendOutputRequest.newBuilder().setFrame(frame));
        if (paceNanos > 0) {
          Thread.sleep(Duration.ofNanos(paceNanos));
        }
      }
    }

    private boolean maySend(boolean ended) {
      boolean room = (next - received) * size <= window;
      return opened && !ended && room && up != null && up.isReady();
    }

    private void fill(OutputFrame.Builder frame) {
      if (received == next - 1) {
        heard = System.nanoTime();
      }
      int most = paceNanos > 0 ? PACED_FRAME : FRAME;
      int bytes = 0;
      while (next <= chunks && bytes < most && (next - received) * size <= window) {
        frame.addChunks(
            OutputChunk.newBuilder()
                .setNumber(next)
                .setSource(OutputSource.OUTPUT_SOURCE_STDOUT)
                .setData(content(next, size)));
        next++;
        bytes += size;
      }
    }

    private void send(AppendOutputRequest.Builder request) {
      ClientCallStreamObserver<AppendOutputRequest> stream = up;
      if (stream != null) {
        stream.onNext(request.build());
      }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AppendOutputRequest> stream) {
      up = stream;
      stream.setOnReadyHandler(this::tell);
    }

    @Override
    public void onNext(AppendOutputResponse response) {
      synchronized (lock) {
        heard = System.nanoTime();
        if (response.hasOpened()) {
          opened = true;
          next = response.getOpened().getNextNumber();
          received = next - 1;
          sealed = Math.max(sealed, next - 1);
          window = response.getOpened().getWindowBytes();
        } else {
          received = Math.max(received, response.getAck().getReceived());
          sealed = Math.max(sealed, response.getAck().getSealed());
          closed = response.getAck().getClosed();
        }
        lock.notifyAll();
      }
    }

    @Override
    public void onError(Throwable failure) {
      synchronized (lock) {
        over = true;
        lock.notifyAll();
      }
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("completed"));
    }

    private void tell() {
      synchronized (lock) {
        lock.notifyAll();
      }
    }
  }
}
