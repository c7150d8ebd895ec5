package dev.weft.worker.grpc;

import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.AppendOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.worker.domain.output.OutputChunk;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One output stream to one replica: what it has sent, and for how long nothing came back. All but
 * the observer's calls are made under the uplink's lock.
 */
final class OutputStreamLink
    implements ClientResponseObserver<AppendOutputRequest, AppendOutputResponse> {

  /** What may wait in the transport; less would leave the line idle between two frames. */
  private static final int AHEAD_BYTES = 1 << 20;

  private static final Duration SILENCE = Duration.ofSeconds(1);

  /** A connection is made and the placer asked before the answer to open. */
  private static final Duration OPENING = Duration.ofSeconds(3);

  /** The rest is sealed and the artifact made before the answer to the end. */
  private static final Duration CLOSING = Duration.ofSeconds(15);

  private record Sent(long number, int bytes) {}

  private final OutputUplink uplink;
  private final Ticker ticker;
  private final Deque<Sent> unreceived = new ArrayDeque<>();
  private @Nullable ClientCallStreamObserver<AppendOutputRequest> up;
  private boolean stands;
  private boolean ended;
  private long window;
  private long outstanding;
  private long sent;
  private long waitingSince;

  OutputStreamLink(OutputUplink uplink, Ticker ticker) {
    this.uplink = uplink;
    this.ticker = ticker;
    this.waitingSince = ticker.nanos();
  }

  void open(Channel channel, AppendOutputRequest open) {
    OutputServiceGrpc.newStub(channel).withOnReadyThreshold(AHEAD_BYTES).appendOutput(this);
    stream().onNext(open);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AppendOutputRequest> stream) {
    up = stream;
    stream.setOnReadyHandler(uplink::more);
  }

  void stands(long sealed, int windowBytes) {
    stands = true;
    sent = sealed;
    window = Integer.toUnsignedLong(windowBytes);
    waitingSince = ticker.nanos();
  }

  long sent() {
    return sent;
  }

  boolean takesMore() {
    return stands && !ended && outstanding < window && stream().isReady();
  }

  void send(int attempt, List<OutputChunk> chunks) {
    if (unreceived.isEmpty()) {
      waitingSince = ticker.nanos();
    }
    for (OutputChunk chunk : chunks) {
      unreceived.add(new Sent(chunk.number(), chunk.length()));
      outstanding += chunk.length();
      sent = chunk.number();
    }
    stream().onNext(OutputMessages.frame(attempt, chunks));
  }

  /** Once, after all chunks. */
  void sendEnd() {
    if (stands && !ended) {
      ended = true;
      waitingSince = ticker.nanos();
      stream().onNext(OutputMessages.end());
    }
  }

  void received(long number) {
    waitingSince = ticker.nanos();
    while (!unreceived.isEmpty() && unreceived.peek().number() <= number) {
      outstanding -= unreceived.remove().bytes();
    }
  }

  /** Something is waited for, and for too long. */
  boolean silent() {
    Duration most = stands ? SILENCE : OPENING;
    boolean waiting = !stands || !unreceived.isEmpty();
    if (ended && unreceived.isEmpty()) {
      most = CLOSING;
      waiting = true;
    }
    return waiting && ticker.nanos() - waitingSince > most.toNanos();
  }

  @Override
  public void onNext(AppendOutputResponse response) {
    switch (response.getStepCase()) {
      case OPENED -> uplink.opened(this, response.getOpened());
      case ACK -> uplink.acknowledged(this, response.getAck());
      case STEP_NOT_SET -> {
        // A step of a later protocol.
      }
    }
  }

  @Override
  public void onError(Throwable cause) {
    uplink.failed(this, cause);
  }

  @Override
  public void onCompleted() {
    uplink.failed(this, Status.UNAVAILABLE.withDescription("the replica hung up").asException());
  }

  void close() {
    ClientCallStreamObserver<AppendOutputRequest> stream = up;
    if (stream != null) {
      stream.cancel("left", null);
    }
  }

  private ClientCallStreamObserver<AppendOutputRequest> stream() {
    ClientCallStreamObserver<AppendOutputRequest> stream = up;
    if (stream == null) {
      throw new IllegalStateException("the stream has not begun");
    }
    return stream;
  }
}
