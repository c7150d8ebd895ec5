package dev.weft.registry.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.fleet.v1.FleetHeartbeat;
import dev.weft.proto.internal.fleet.v1.FleetRemoval;
import dev.weft.proto.internal.fleet.v1.FleetSnapshotEnd;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.registry.app.FleetStep;
import dev.weft.registry.app.Watcher;
import dev.weft.registry.domain.fleet.FleetChange;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * A watcher at the other end of a stream; what it has not read stays in the fleet, not in a buffer.
 */
final class GrpcWatcher implements Watcher {

  private final ServerCallStreamObserver<FollowWorkersResponse> responses;
  private final WorkerWriter writer;

  GrpcWatcher(ServerCallStreamObserver<FollowWorkersResponse> responses, WorkerWriter writer) {
    this.responses = responses;
    this.writer = writer;
  }

  @Override
  public boolean ready() {
    return responses.isReady();
  }

  @Override
  public void tell(FleetStep step) {
    responses.onNext(write(step));
  }

  @Override
  public void end(MeshException why) {
    responses.onError(why);
  }

  private FollowWorkersResponse write(FleetStep step) {
    FollowWorkersResponse.Builder response = FollowWorkersResponse.newBuilder();
    switch (step) {
      case FleetStep.Changed(FleetChange.Seen seen) ->
          response.setWorker(writer.write(seen.view()));
      case FleetStep.Changed(FleetChange.Removed(var id, long revision)) ->
          response.setRemoved(
              FleetRemoval.newBuilder().setWorkerId(id.text()).setRevision(revision));
      case FleetStep.CaughtUp(long revision, long epoch) ->
          response.setSnapshotEnd(
              FleetSnapshotEnd.newBuilder().setRevision(revision).setEpoch(epoch));
      case FleetStep.Idle(long revision) ->
          response.setHeartbeat(FleetHeartbeat.newBuilder().setRevision(revision));
    }
    return response.build();
  }
}
