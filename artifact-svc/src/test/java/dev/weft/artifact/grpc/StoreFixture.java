package dev.weft.artifact.grpc;

import com.google.protobuf.ByteString;
import dev.weft.artifact.app.AccessDesk;
import dev.weft.artifact.app.ArtifactDesk;
import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.app.BlobCache;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.CountingMeter;
import dev.weft.artifact.app.LeaseAuthority;
import dev.weft.artifact.app.LeaseAuthority.LeaseKey;
import dev.weft.artifact.app.LeaseAuthority.LeaseRights;
import dev.weft.artifact.app.MemoryBlobStore;
import dev.weft.artifact.app.MemoryCatalog;
import dev.weft.artifact.app.NoCache;
import dev.weft.artifact.app.StoreLimits;
import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.testing.StoreClient;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.Peer;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.testing.InProcessMesh;
import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.grpc.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** The service over memory, its callers chosen by the test. */
final class StoreFixture implements AutoCloseable {

  static final long MOST = 4 << 20;
  static final Duration STALL = Duration.ofMinutes(1);
  static final Peer GATEWAY = new Peer("gateway", "gateway-1");
  static final Peer WORKER = new Peer("worker", "wkr_1");
  static final LeaseKey LEASE = new LeaseKey("tsk_1", 1, 7);

  final SettableClock clock = new SettableClock();
  final SettableTicker ticker = new SettableTicker();
  final MemoryBlobStore store = new MemoryBlobStore(clock);
  final MemoryCatalog catalog = new MemoryCatalog(clock, Duration.ofHours(1));
  final CountingMeter meter = new CountingMeter();
  final Map<LeaseKey, LeaseRights> leases = new ConcurrentHashMap<>();
  final Transfers transfers = new Transfers(8, STALL, ticker);
  volatile Peer peer = GATEWAY;
  volatile int leaseChecks;
  private final InProcessMesh mesh;

  StoreFixture() {
    this(new NoCache());
  }

  StoreFixture(BlobCache cache) {
    BlobDesk blobs =
        new BlobDesk(
            store, catalog, cache, new StoreLimits(MOST, 1_000, Duration.ofHours(24)), meter);
    ArtifactDesk artifacts =
        new ArtifactDesk(
            catalog, blobs, new ProtoTreeReader(), new IdGenerator(0, clock, new Random(1)));
    AccessDesk accesses = new AccessDesk(new Leases(), Duration.ofSeconds(2), ticker);
    mesh =
        InProcessMesh.of(
            new StoreGrpcService(accesses, artifacts, blobs, transfers, meter, () -> peer));
  }

  private synchronized LeaseRights check(String worker, LeaseKey lease) {
    leaseChecks++;
    LeaseRights rights = leases.get(lease);
    if (rights == null || !worker.equals(WORKER.nodeId())) {
      throw new MeshException(ArtifactReason.LEASE_NOT_HELD, "no such lease");
    }
    return rights;
  }

  private final class Leases implements LeaseAuthority {
    @Override
    public LeaseRights check(String workerId, LeaseKey lease) {
      return StoreFixture.this.check(workerId, lease);
    }

    @Override
    public String logTenant(String workerId, LeaseKey lease) {
      throw new AssertionError("artifacts are not a log");
    }
  }

  Channel channel() {
    return mesh.channel();
  }

  StoreClient tenant(String tenant) {
    return new StoreClient(mesh.channel(), Requester.newBuilder().setTenant(tenant).build());
  }

  StoreClient worker() {
    return new StoreClient(
        mesh.channel(),
        Requester.newBuilder()
            .setLease(
                AttemptKey.newBuilder()
                    .setTaskId(LEASE.taskId())
                    .setAttempt(LEASE.attempt())
                    .setFence(LEASE.fence()))
            .build());
  }

  static ByteString random(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return ByteString.copyFrom(content);
  }

  @Override
  public void close() {
    mesh.close();
  }
}
