package dev.weft.worker.grpc;

import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.agent.v1.BodyServiceGrpc;
import dev.weft.proto.internal.agent.v1.FindHomeRequest;
import dev.weft.worker.app.agent.AgentHomes;
import dev.weft.worker.grpc.MeshStreams.Dialling;
import java.time.Duration;

/** Homes at gateways, as the placer names them. */
public final class GrpcAgentHomes implements AgentHomes, AutoCloseable {

  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final HolderClient placer;
  private final Dialling dialling;
  private final Ticker ticker;

  /**
   * @param placer the cell's; closed with this
   */
  public GrpcAgentHomes(HolderClient placer, Dialling dialling, Ticker ticker) {
    this.placer = placer;
    this.dialling = dialling;
    this.ticker = ticker;
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
            dialling,
            ticker);
    keeper.start();
    return keeper;
  }

  @Override
  public void close() {
    placer.close();
  }
}
