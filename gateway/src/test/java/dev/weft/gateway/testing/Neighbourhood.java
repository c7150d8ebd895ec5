package dev.weft.gateway.testing;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.FreePort;
import dev.weft.parts.Lifetime;
import dev.weft.parts.RedisProcess;
import dev.weft.parts.RedisSettings;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.ThrowAwayPostgres;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Everything around one gateway: PostgreSQL, Redis, and the mesh that this JVM plays. */
public final class Neighbourhood implements AutoCloseable {

  /** The most bytes of an artifact that this door takes. */
  public static final long MOST_ARTIFACT = 1L << 30;

  /** A page that may open sessions. */
  public static final String SESSION_ORIGIN = "https://agents.example";

  public final MeshFiles files = new MeshFiles();
  public final FakePlacer placer = new FakePlacer();
  public final FakeLeases leases = new FakeLeases();
  public final FakeLetters letters = new FakeLetters();
  public final FakeCosts costs = new FakeCosts();
  public final FakeModelPrices modelPrices = new FakeModelPrices();
  public final FakeBudgets budgets = new FakeBudgets();
  public final FakeLimits limits = new FakeLimits();
  private final FakeShards shards = new FakeShards();
  public final FakePolicies policies = new FakePolicies();
  public final FakeReplays replays = new FakeReplays();
  public final FakeAgents agents = new FakeAgents();
  public final FakeRegistry registry = new FakeRegistry();
  public final StoreState store = new StoreState();
  public final FakeOutputs outputs = new FakeOutputs();
  public final FakeFrames frames = new FakeFrames();
  public final FakeScaler scaler = new FakeScaler();
  public final int httpPort = FreePort.find();
  public final int grpcPort = FreePort.find();
  public final int meshPort = FreePort.find();
  public final ScratchDatabase database = ThrowAwayPostgres.shared().newDatabase();
  public final RedisProcess redis;
  private final int routerPort;
  private MeshServer router;
  private final MeshServer fleet;
  private final MeshServer pools;
  private final List<MeshServer> stores;

  public Neighbourhood() {
    redis = redis();
    router = router(0);
    routerPort = router.port();
    fleet =
        MeshServer.builder(files.identity("registry", "registry-1"))
            .service(MeshService.of(registry, "gateway"))
            .start("127.0.0.1", 0);
    pools =
        MeshServer.builder(files.identity("scaler", "scaler-1"))
            .service(MeshService.of(scaler, "gateway"))
            .start("127.0.0.1", 0);
    stores = List.of(store("artifact-1"), store("artifact-2"));
  }

  private MeshServer router(int port) {
    return MeshServer.builder(files.identity("router", "router-1"))
        .service(MeshService.of(placer, "gateway"))
        .service(MeshService.of(leases, "gateway"))
        .service(MeshService.of(letters, "gateway"))
        .service(MeshService.of(costs, "gateway"))
        .service(MeshService.of(budgets, "gateway"))
        .service(MeshService.of(modelPrices, "gateway"))
        .service(MeshService.of(limits, "gateway"))
        .service(MeshService.of(policies, "gateway"))
        .service(MeshService.of(replays, "gateway"))
        .service(MeshService.of(shards, "gateway"))
        .service(MeshService.of(agents, "gateway"))
        .start("127.0.0.1", port);
  }

  private MeshServer store(String nodeId) {
    return MeshServer.builder(files.identity("artifact", nodeId))
        .service(MeshService.of(new FakeStore(store), "gateway"))
        .service(MeshService.of(outputs, "gateway"))
        .service(MeshService.of(frames, "gateway"))
        .start("127.0.0.1", 0);
  }

  public String scalerAddress() {
    return "127.0.0.1:" + pools.port();
  }

  public List<String> storeAddresses() {
    return stores.stream().map(server -> "127.0.0.1:" + server.port()).toList();
  }

  /** Ends the placer at once. */
  public void killRouter() {
    router.stopNow();
  }

  /** Starts it again where it was. */
  public void startRouter() {
    router = router(routerPort);
  }

  /** Ends a replica of the artifact service at once. */
  public void killStore(int index) {
    stores.get(index).stopNow();
  }

  public String routerAddress() {
    return "127.0.0.1:" + routerPort;
  }

  public String registryAddress() {
    return "127.0.0.1:" + fleet.port();
  }

  public DatabaseAccess access() {
    return database.service("gateway");
  }

  /** For the gateway's process. */
  public Map<String, String> environment() {
    DatabaseAccess access = access();
    Map<String, String> all = new HashMap<>(files.environment());
    all.put("WEFT_MESH_PORT", Integer.toString(meshPort));
    all.put("WEFT_PUBLIC_GRPC_PORT", Integer.toString(grpcPort));
    all.put("WEFT_PUBLIC_PLAINTEXT", "true");
    all.put("WEFT_STATIC_ROUTER", routerAddress());
    all.put("WEFT_STATIC_REGISTRY", registryAddress());
    all.put("WEFT_STATIC_ARTIFACT", String.join(",", storeAddresses()));
    all.put("WEFT_STATIC_SCALER", scalerAddress());
    all.put("WEFT_ARTIFACTS_MOST_BYTES", Long.toString(MOST_ARTIFACT));
    all.put("WEFT_ARTIFACTS_IDLE", "3s");
    all.put("WEFT_ARTIFACTS_RATED", "false");
    all.put("WEFT_AUTH_RECHECK", "2s");
    all.put("WEFT_SESSION_RECHECK", "2s");
    all.put("WEFT_SESSION_ORIGINS", SESSION_ORIGIN);
    all.put("WEFT_DB_HOST", access.host());
    all.put("WEFT_DB_PORT", Integer.toString(access.port()));
    all.put("WEFT_DB_NAME", access.database());
    all.put("WEFT_DB_USER", access.user());
    all.put("WEFT_DB_PASSWORD", access.password());
    all.put("WEFT_REDIS_URL", redis.url());
    all.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    return all;
  }

  @Override
  public void close() {
    router.stop(Duration.ZERO);
    fleet.stop(Duration.ZERO);
    pools.stop(Duration.ZERO);
    stores.forEach(MeshServer::stopNow);
    redis.kill();
    database.close();
  }

  private static RedisProcess redis() {
    try {
      var directory = Files.createTempDirectory("weft-redis-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return RedisProcess.start(
          new RedisSettings(
              directory, FreePort.find(), UUID.randomUUID().toString(), Lifetime.OWNER),
          new BinaryFinder(System.getenv()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
