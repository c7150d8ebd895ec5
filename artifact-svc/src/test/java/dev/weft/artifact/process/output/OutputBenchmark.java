package dev.weft.artifact.process.output;

import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.CountingMeter;
import dev.weft.artifact.app.NoCache;
import dev.weft.artifact.app.StoreLimits;
import dev.weft.artifact.app.output.FakeWriters;
import dev.weft.artifact.app.output.LogUpkeeping;
import dev.weft.artifact.app.output.MemoryBudget;
import dev.weft.artifact.app.output.OutputLogs;
import dev.weft.artifact.app.output.OutputTimes;
import dev.weft.artifact.app.output.Owner;
import dev.weft.artifact.app.output.OwnerLink;
import dev.weft.artifact.app.output.Surroundings;
import dev.weft.artifact.app.output.Tails;
import dev.weft.artifact.blob.DirectoryBlobStore;
import dev.weft.artifact.domain.output.OutputRules;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.artifact.grpc.output.OutputGrpcService;
import dev.weft.artifact.store.ArtifactDatabase;
import dev.weft.artifact.store.PgBlobCatalog;
import dev.weft.artifact.store.output.BlobSegments;
import dev.weft.artifact.store.output.PgLogStore;
import dev.weft.artifact.store.output.PgLogUpkeep;
import dev.weft.artifact.store.output.Waiting;
import dev.weft.artifact.testing.output.LogFollower;
import dev.weft.artifact.testing.output.LogPump;
import dev.weft.artifact.testing.output.TestReader;
import dev.weft.parts.CacheDirectory;
import dev.weft.parts.junit.ThrowAwayPostgres;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.time.Ticker;
import io.grpc.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How fast one log is carried: one writer, the replica, PostgreSQL, a directory on disk and the
 * readers, all in one process and over mTLS. Arguments: megabytes, readers that follow, readers
 * that stand still.
 */
public final class OutputBenchmark {

  private static final int SIZE = 64 << 10;
  private static final String TENANT = "acme";

  private final CertificateAuthority ca = CertificateAuthority.create("bench", Duration.ofHours(1));
  private final ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService looking = Executors.newScheduledThreadPool(1);
  private final List<MeshChannels> dialled = new ArrayList<>();
  private final FakeWriters writers = new FakeWriters();

  private OutputBenchmark() {}

  public static void main(String[] args) throws Exception {
    long megabytes = Long.parseLong(args[0]);
    int readers = Integer.parseInt(args[1]);
    int stalled = Integer.parseInt(args[2]);
    Path directory = Files.createTempDirectory(Path.of("target"), "output-benchmark-");
    OutputBenchmark benchmark = new OutputBenchmark();
    try (ArtifactDatabase database =
            new ArtifactDatabase(ThrowAwayPostgres.shared().newDatabase());
        DirectoryBlobStore store =
            DirectoryBlobStore.open(
                directory.resolve("blobs"), "bench", InstantSource.system(), new SecureRandom());
        Waiting waiting = new Waiting("bench", 16)) {
      BlobDesk blobs =
          new BlobDesk(
              store,
              new PgBlobCatalog(database.work(), Duration.ofHours(1)),
              new NoCache(),
              new StoreLimits(Long.MAX_VALUE, 0, Duration.ofDays(1)),
              new CountingMeter());
      MeshServer server = benchmark.serve(database, new BlobSegments(blobs, waiting, waiting));
      for (int round = 1; round <= 3; round++) {
        benchmark.round(server.port(), "tsk_" + round, megabytes, readers, stalled);
      }
      benchmark.dialled.forEach(MeshChannels::close);
      server.stopNow();
    } finally {
      benchmark.looking.shutdownNow();
      benchmark.reading.shutdownNow();
      CacheDirectory.deleteTree(directory);
    }
    System.exit(0);
  }

  private MeshServer serve(ArtifactDatabase database, BlobSegments bytes) {
    OutputRules rules = OutputRules.defaults();
    PgLogStore rows = new PgLogStore(database.pool());
    Surroundings around =
        new Surroundings(
            rows,
            bytes,
            new MemoryBudget(Runtime.getRuntime().maxMemory() / 4),
            rules,
            OutputTimes.defaults(),
            Ticker.system(),
            reading);
    OutputLogs logs =
        new OutputLogs(
            () -> new Owner("bench", "127.0.0.1:1"), writers, around, UUID::randomUUID, 100);
    Tails tails = new Tails(logs, OutputBenchmark::nobody, 5_000);
    LogUpkeeping upkeeping =
        new LogUpkeeping(
            logs,
            new PgLogUpkeep(database.pool()),
            log -> CompletableFuture.completedStage(null),
            Duration.ofDays(7));
    looking.scheduleWithFixedDelay(
        () -> {
          upkeeping.tick();
          tails.tick();
        },
        100,
        100,
        TimeUnit.MILLISECONDS);
    return MeshServer.builder(identity("artifact"))
        .service(
            MeshService.of(
                new OutputGrpcService(logs, tails, rules.windowBytes()), OutputGrpcService.roles()))
        .start("127.0.0.1", 0);
  }

  private void round(int port, String task, long megabytes, int readers, int stalled)
      throws Exception {
    writers.grant(new Writer("wkr_1", 7), task, TENANT);
    long chunks = (megabytes << 20) / SIZE;
    LogPump pump = new LogPump(List.of(dial(port, "worker")), task, 7, chunks, SIZE);
    Channel gateway = dial(port, "gateway");
    long start = System.nanoTime();
    pump.start();
    List<LogFollower> followers = new ArrayList<>();
    List<TestReader> still = new ArrayList<>();
    // A connection carries a thousand calls.
    for (int i = 0; i < readers; i++) {
      if (i % 500 == 499) {
        gateway = dial(port, "gateway");
      }
      followers.add(new LogFollower(gateway, TENANT, task, false).start());
    }
    for (int i = 0; i < stalled; i++) {
      if (i % 500 == 499) {
        gateway = dial(port, "gateway");
      }
      still.add(TestReader.stalled(gateway, TestReader.query(TENANT, task)));
    }
    pump.done().get(10, TimeUnit.MINUTES);
    double wrote = seconds(start);
    for (LogFollower follower : followers) {
      follower.done().get(10, TimeUnit.MINUTES);
    }
    double read = seconds(start);
    long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    System.out.printf(
        "%d MB: sealed and closed at %.0f MB/s, %d follower(s) at %.0f MB/s each (%.0f MB/s in all),"
            + " %d stalled, heap in use %d MB%n",
        megabytes,
        megabytes / wrote,
        readers,
        megabytes / read,
        megabytes * readers / read,
        stalled,
        used >> 20);
    still.forEach(TestReader::cancel);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static OwnerLink.Relay nobody(
      Owner owner, OwnerLink.Query query, OwnerLink.Listener listener) {
    throw new IllegalStateException("one replica relays nothing");
  }

  private synchronized Channel dial(int port, String role) {
    MeshChannels channels = new MeshChannels(identity(role));
    dialled.add(channels);
    return channels.open("127.0.0.1:" + port, "artifact");
  }

  private MeshIdentity identity(String role) {
    KeyPair keys = MeshKeys.generate();
    String node = role.equals("worker") ? "wkr_1" : role + "-1";
    return new MeshIdentity(
        new MeshCredentials(
            List.of(ca.issue(keys.getPublic(), new MeshSubject(role, node), Duration.ofHours(1))),
            keys.getPrivate(),
            List.of(ca.certificate())));
  }
}
