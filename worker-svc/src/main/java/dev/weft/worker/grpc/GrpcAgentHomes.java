package dev.weft.worker.grpc;

import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.agent.v1.BodyServiceGrpc;
import dev.weft.proto.internal.agent.v1.FindHomeRequest;
import dev.weft.worker.app.agent.AgentHomes;
import dev.weft.worker.grpc.MeshStreams.Dialling;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Homes at gateways, as the placer names them. */
public final class GrpcAgentHomes implements AgentHomes, AutoCloseable {

  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration TENDING = Duration.ofSeconds(30);

  private final HolderClient placer;
  private final Dialling dialling;
  private final Ticker ticker;
  private final HomeLines lines;
  private final Future<?> tending;

  /**
   * @param placer the cell's; closed with this
   * @param warmLines connected lines that are kept at least at each gateway where a body came
   *     lately
   */
  public GrpcAgentHomes(HolderClient placer, Dialling dialling, int warmLines, Ticker ticker) {
    this.placer = placer;
    this.dialling = dialling;
    this.ticker = ticker;
    this.lines =
        new HomeLines(
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
            lines,
            dialling,
            ticker);
    keeper.start();
    return keeper;
  }

  @Override
  public void close() {
    tending.cancel(false);
    lines.close();
    placer.close();
  }
}
