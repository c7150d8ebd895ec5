package dev.weft.scaler.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.proto.pools.v1.InstanceState;
import dev.weft.proto.pools.v1.Pool;
import dev.weft.proto.pools.v1.PoolInstance;
import dev.weft.scaler.app.PoolView;
import dev.weft.scaler.app.ScalingAction;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import dev.weft.scaler.domain.pool.InstanceState.Ended;
import dev.weft.scaler.domain.pool.InstanceState.Running;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.InstanceState.Starting;
import dev.weft.scaler.domain.pool.InstanceState.Stopping;
import java.time.Instant;

/** Pools as the wire has them. */
final class PoolProtoMapper {

  private PoolProtoMapper() {}

  static Pool pool(PoolView view) {
    var size = view.spec().size();
    Pool.Builder pool =
        Pool.newBuilder()
            .setName(view.spec().name().text())
            .setProvider(view.spec().provider())
            .setDesired(size.desired())
            .setLeast(size.least())
            .setMost(size.most())
            .setRevision(view.revision());
    view.instances().forEach(one -> pool.addInstances(instance(one)));
    view.lastAction().ifPresent(action -> pool.setLastAction(action(action)));
    return pool.build();
  }

  private static PoolInstance instance(Instance one) {
    return PoolInstance.newBuilder()
        .setId(one.id().text())
        .setWorkerName(one.worker())
        .setState(
            switch (one.state()) {
              case Starting _ -> InstanceState.INSTANCE_STATE_STARTING;
              case Running _ -> InstanceState.INSTANCE_STATE_RUNNING;
              case SetAside _, Draining _, Stopping _ -> InstanceState.INSTANCE_STATE_DRAINING;
              case Ended _ -> InstanceState.INSTANCE_STATE_ENDED;
            })
        .setUpdateTime(timestamp(one.state().since()))
        .setDetail(one.state().detail())
        .build();
  }

  private static dev.weft.proto.pools.v1.ScalingAction action(ScalingAction action) {
    return dev.weft.proto.pools.v1.ScalingAction.newBuilder()
        .setActionTime(timestamp(action.time()))
        .setKind(action.kind())
        .setWorkerName(action.worker())
        .setReason(action.reason())
        .build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
