package dev.weft.worker.grpc;

import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.agent.v1.BodyServiceGrpc;
import dev.weft.proto.internal.agent.v1.FindHomeRequest;
import dev.weft.worker.app.agent.AgentHomes;
import dev.weft.worker.grpc.MeshStreams.Dialling;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/** Homes at gateways, as the placer names them. */
public final class GrpcAgentHomes implements AgentHomes, AutoCloseable {

  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration TENDING = Duration.ofSeconds(30);

  private final HolderClient placer;
  private final Dialling dialling;
  private final Ticker ticker;
  private final WarmLines lines;
  private final Future<?> tending;

  /**
   * @param placer the cell's; closed with this
   * @param warmLines connected lines that wait for bodies at each gateway where one was lately
   */
  public GrpcAgentHomes(HolderClient placer, Dialling dialling, int warmLines, Ticker ticker) {
    this.placer = placer;
    this.dialling = dialling;
    this.ticker = ticker;
    this.lines =
        new WarmLines(
            address -> dialling.channels().apply(address, "gateway"),
            warmLines,
            dialling.timer(),
            ticker);
    this.tending =
        dialling
            .timer()
            .scheduleWithFixedDelay(
                lines::tend, TENDING.toMillis(), TENDING.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public Connection connect(Body body) {
    FindHomeRequest request =
        FindHomeRequest.newBuilder().setLease(WorkProtoMapper.key(body.lease())).build();
    SessionKeeper keeper =
        new SessionKeeper(
            body,
            () ->
                placer.call(
                    channel -> BodyServiceGrpc.newFutureStub(channel).findHome(request), ANSWER),
            warm(),
            ticker);
    keeper.start();
    return keeper;
  }

  /** After a loss a body dials anew: what waited may be lost by the same cause. */
  private Dialling warm() {
    AtomicBoolean first = new AtomicBoolean(true);
    BiFunction<String, String, ManagedChannel> channels =
        (address, role) ->
            first.getAndSet(false) ? lines.take(address) : dialling.channels().apply(address, role);
    return new Dialling(
        dialling.endpoints(), channels, dialling.timer(), dialling.random(), dialling.askAgain());
  }

  @Override
  public void close() {
    tending.cancel(false);
    lines.close();
    placer.close();
  }
}
