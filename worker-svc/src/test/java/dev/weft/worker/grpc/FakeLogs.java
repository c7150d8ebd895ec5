package dev.weft.worker.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.AppendOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputAck;
import dev.weft.proto.internal.artifact.v1.OutputFrame;
import dev.weft.proto.internal.artifact.v1.OutputOpen;
import dev.weft.proto.internal.artifact.v1.OutputOpened;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc.OutputServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A replica that keeps output: chunks are received into its memory and sealed into files that all
 * replicas share, a segment at a time.
 */
public final class FakeLogs extends OutputServiceImplBase {

  /** What the replicas share: one log of one attempt, on disk. */
  public static final class Sealed {
    private final Path directory;
    private final AtomicInteger epochs = new AtomicInteger();
    private final AtomicLong number = new AtomicLong();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    public Sealed(Path directory) {
      this.directory = directory;
    }

    private synchronized boolean append(int epoch, OutputChunk chunk) throws IOException {
      if (epoch != epochs.get() || chunk.getNumber() <= number.get()) {
        return epoch == epochs.get();
      }
      if (chunk.getNumber() != number.get() + 1) {
        faults.add("chunk " + chunk.getNumber() + " after " + number.get());
      }
      Path file = file(chunk.getSource());
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        chunk.getData().writeTo(out);
      }
      number.set(chunk.getNumber());
      return true;
    }

    private Path file(OutputSource source) {
      return directory.resolve(source.name());
    }

    public String text(OutputSource source) {
      try {
        return Files.exists(file(source)) ? Files.readString(file(source)) : "";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public long size(OutputSource source) {
      try {
        return Files.exists(file(source)) ? Files.size(file(source)) : 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public boolean closed() {
      return closed;
    }

    List<String> faults() {
      return faults;
    }

    int epoch() {
      return epochs.get();
    }
  }

  /** How a replica behaves. */
  enum Mood {
    WELL,
    /** Takes all and says nothing, as one that is stopped. */
    SILENT,
    AWAY,
    /** Takes all and seals nothing. */
    UNSEALING,
    /** The lease is not the worker's any more. */
    REFUSING
  }

  private static final int SEGMENT = 256 * 1024;
  private static final int WINDOW = 4 << 20;

  private final Sealed sealed;
  volatile Mood mood = Mood.WELL;
  public final AtomicInteger opens = new AtomicInteger();
  final AtomicLong received = new AtomicLong();

  public FakeLogs(Sealed sealed) {
    this.sealed = sealed;
  }

  @Override
  public StreamObserver<AppendOutputRequest> appendOutput(
      StreamObserver<AppendOutputResponse> down) {
    return new Appending(down);
  }

  private final class Appending implements StreamObserver<AppendOutputRequest> {
    private final StreamObserver<AppendOutputResponse> down;
    private final List<OutputChunk> ring = new ArrayList<>();
    private int bytes;
    private int epoch;
    private long next;
    private boolean over;

    Appending(StreamObserver<AppendOutputResponse> down) {
      this.down = down;
    }

    @Override
    public void onNext(AppendOutputRequest request) {
      if (over || mood == Mood.SILENT) {
        return;
      }
      if (mood == Mood.AWAY || mood == Mood.REFUSING) {
        over = true;
        down.onError(
            StatusMapper.toStatus(
                mood == Mood.AWAY
                    ? new MeshException(CommonReason.UNAVAILABLE, "stopping")
                    : new MeshException(FakeStore.StoreReason.LEASE_NOT_HELD, "not held")));
        return;
      }
      switch (request.getStepCase()) {
        case OPEN -> open(request.getOpen());
        case FRAME -> frame(request.getFrame());
        case STEP_NOT_SET -> {}
      }
    }

    private void open(OutputOpen open) {
      opens.incrementAndGet();
      epoch = sealed.epochs.incrementAndGet();
      next = sealed.number.get() + 1;
      if (open.getFirstKept() > next) {
        sealed.faults.add("kept from " + open.getFirstKept() + ", sealed to " + (next - 1));
      }
      down.onNext(
          AppendOutputResponse.newBuilder()
              .setOpened(
                  OutputOpened.newBuilder()
                      .setOwnerEpoch(epoch)
                      .setNextNumber(next)
                      .setWindowBytes(WINDOW))
              .build());
    }

    private void frame(OutputFrame frame) {
      for (OutputChunk chunk : frame.getChunksList()) {
        if (chunk.getNumber() != next) {
          sealed.faults.add("number " + chunk.getNumber() + " (expected: " + next + ")");
        }
        if (chunk.getData().size() > 64 * 1024) {
          sealed.faults.add("chunk of " + chunk.getData().size());
        }
        next = chunk.getNumber() + 1;
        ring.add(chunk);
        bytes += chunk.getData().size();
        received.addAndGet(chunk.getData().size());
      }
      if (mood != Mood.UNSEALING && (bytes >= SEGMENT || frame.getEnd())) {
        seal();
      }
      boolean closed = frame.getEnd() && mood != Mood.UNSEALING;
      sealed.closed |= closed;
      down.onNext(
          AppendOutputResponse.newBuilder()
              .setAck(
                  OutputAck.newBuilder()
                      .setReceived(next - 1)
                      .setSealed(sealed.number.get())
                      .setClosed(closed))
              .build());
      if (closed) {
        over = true;
        down.onCompleted();
      }
    }

    private void seal() {
      try {
        for (OutputChunk chunk : ring) {
          if (!sealed.append(epoch, chunk)) {
            over = true;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ring.clear();
      bytes = 0;
    }

    @Override
    public void onError(Throwable cause) {
      over = true;
    }

    @Override
    public void onCompleted() {
      over = true;
    }
  }
}
