package dev.weft.scaler.testing;

import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc.FleetServiceImplBase;
import dev.weft.proto.internal.fleet.v1.FleetSnapshotEnd;
import dev.weft.proto.internal.fleet.v1.FollowWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.proto.workers.v1.WorkerState;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A registry that shows the workers that the test names. */
public final class FakeRegistry extends FleetServiceImplBase {

  private final Map<String, Worker> workers = new TreeMap<>();
  private final List<StreamObserver<FollowWorkersResponse>> followers = new ArrayList<>();
  private long revision;

  @Override
  public synchronized void followWorkers(
      FollowWorkersRequest request, StreamObserver<FollowWorkersResponse> follower) {
    workers.values().forEach(worker -> follower.onNext(step(worker)));
    follower.onNext(
        FollowWorkersResponse.newBuilder()
            .setSnapshotEnd(FleetSnapshotEnd.newBuilder().setRevision(revision))
            .build());
    followers.add(follower);
  }

  /** The id that a worker of this name has. */
  public static String id(String name) {
    return "wkr-" + name;
  }

  public synchronized void show(String name, WorkerState state) {
    Worker before = workers.get(id(name));
    if (before == null || before.getState() != state) {
      show(id(name), name, state);
    }
  }

  public synchronized void show(String id, String name, WorkerState state) {
    Worker worker =
        Worker.newBuilder()
            .setId(id)
            .setProfile(WorkerProfile.newBuilder().setName(name))
            .setState(state)
            .setRevision(++revision)
            .build();
    workers.put(id, worker);
    followers.removeIf(follower -> !told(follower, worker));
  }

  /** It forgets a worker without a word to those who follow, and ends their streams. */
  public synchronized void restartWithout(String name) {
    workers.remove(id(name));
    followers.forEach(
        follower -> follower.onError(Status.UNAVAILABLE.withDescription("test").asException()));
    followers.clear();
  }

  private static boolean told(StreamObserver<FollowWorkersResponse> follower, Worker worker) {
    try {
      follower.onNext(step(worker));
      return true;
    } catch (RuntimeException e) {
      return false; // It has gone.
    }
  }

  private static FollowWorkersResponse step(Worker worker) {
    return FollowWorkersResponse.newBuilder().setWorker(worker).build();
  }
}
