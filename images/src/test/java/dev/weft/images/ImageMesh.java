package dev.weft.images;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.ConsulProcess;
import dev.weft.parts.ConsulSettings;
import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.FreePort;
import dev.weft.parts.Lifetime;
import dev.weft.parts.RedisProcess;
import dev.weft.parts.RedisSettings;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.ThrowAwayPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Real PostgreSQL, Redis and Consul, and what each service is told so that it finds them. */
final class ImageMesh implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  private final Path directory;
  private final MeshSecrets secrets;
  private final ScratchDatabase database = ThrowAwayPostgres.shared().newDatabase();
  private final ConsulProcess consul;
  private final RedisProcess redis;
  private final Map<ServiceImage, Integer> health = new EnumMap<>(ServiceImage.class);
  private final Map<ServiceImage, ImageProcess> running = new EnumMap<>(ServiceImage.class);
  private final int publicGrpc = FreePort.find();

  ImageMesh(Path directory) throws IOException {
    this.directory = directory;
    this.secrets = new MeshSecrets(Files.createDirectories(directory.resolve("secrets")));
    BinaryFinder finder = new BinaryFinder(System.getenv());
    consul =
        ConsulProcess.start(
            new ConsulSettings(
                Files.createDirectories(directory.resolve("consul")),
                new ConsulSettings.Ports(FreePort.find(), FreePort.find(), FreePort.find()),
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                Lifetime.OWNER),
            finder);
    redis =
        RedisProcess.start(
            new RedisSettings(
                Files.createDirectories(directory.resolve("redis")),
                FreePort.find(),
                UUID.randomUUID().toString(),
                Lifetime.OWNER),
            finder);
  }

  /** Starts the service's image. */
  ImageProcess start(ServiceImage service) throws IOException {
    int port = FreePort.find();
    health.put(service, port);
    Map<String, String> environment = new HashMap<>();
    environment.put("QUARKUS_HTTP_HOST", LOOPBACK);
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    environment.put("QUARKUS_OTEL_SDK_DISABLED", "true");
    if (service == ServiceImage.WORKER) {
      environment.putAll(worker());
    } else {
      environment.putAll(member(service));
    }
    if (service == ServiceImage.GATEWAY) {
      environment.putAll(gateway());
    }
    ImageProcess process =
        ImageProcess.start(
            UnpackedImage.of(service),
            service.runsSandboxes(),
            Files.createDirectories(directory.resolve(service.module())),
            secrets.directory(),
            environment);
    running.put(service, process);
    return process;
  }

  URI health(ServiceImage service) {
    return URI.create("http://" + LOOPBACK + ":" + health.get(service) + "/q/health");
  }

  private Map<String, String> member(ServiceImage service) {
    String role = service.module().replace("-svc", "");
    secrets.write(role);
    DatabaseAccess access = database.service(role);
    Map<String, String> environment = new HashMap<>();
    environment.put("WEFT_NODE_ID", role + "-1");
    environment.put("WEFT_MESH_HOST", LOOPBACK);
    environment.put("WEFT_MESH_PORT", Integer.toString(FreePort.find()));
    environment.put("WEFT_MESH_CERT_FILE", ImageProcess.SECRETS + "/" + role + "/cert.pem");
    environment.put("WEFT_MESH_KEY_FILE", ImageProcess.SECRETS + "/" + role + "/key.pem");
    environment.put("WEFT_MESH_CA_FILE", ImageProcess.SECRETS + "/ca.pem");
    environment.put("WEFT_DB_HOST", access.host());
    environment.put("WEFT_DB_PORT", Integer.toString(access.port()));
    environment.put("WEFT_DB_NAME", access.database());
    environment.put("WEFT_DB_USER", access.user());
    environment.put("WEFT_DB_PASSWORD", access.password());
    environment.put("WEFT_CONSUL_URL", consul.url());
    environment.put("WEFT_CONSUL_TOKEN", consul.serviceToken());
    environment.put("WEFT_REDIS_URL", redis.url());
    environment.put("WEFT_ARTIFACT_DIRECTORY", BaseImages.DATA + "/blobs");
    return environment;
  }

  private Map<String, String> gateway() {
    Map<String, String> environment = new HashMap<>();
    environment.put("WEFT_PUBLIC_GRPC_PORT", Integer.toString(publicGrpc));
    environment.put("WEFT_PUBLIC_PLAINTEXT", "true");
    environment.put("WEFT_CA_CERT_FILE", ImageProcess.SECRETS + "/ca.pem");
    environment.put("WEFT_CA_KEY_FILE", ImageProcess.SECRETS + "/ca.key.sealed");
    environment.put("WEFT_MASTER_KEY_FILE", ImageProcess.SECRETS + "/master.key");
    environment.put("WEFT_BOOTSTRAP_TENANT", "local");
    environment.put("WEFT_BOOTSTRAP_TOKEN_FILE", ImageProcess.SECRETS + "/token");
    environment.put("WEFT_BOOTSTRAP_JOIN_TOKEN_FILE", ImageProcess.SECRETS + "/join-token");
    environment.put("WEFT_DOOR_WORK_PORT", Integer.toString(FreePort.find()));
    environment.put("WEFT_DOOR_HEARTBEAT_PORT", Integer.toString(FreePort.find()));
    environment.put("WEFT_DOOR_ARTIFACT_PORT", Integer.toString(FreePort.find()));
    return environment;
  }

  private Map<String, String> worker() {
    if (!running.containsKey(ServiceImage.GATEWAY)) {
      throw new IllegalStateException("a worker joins a mesh (expected: -Dimages=all)");
    }
    return Map.of(
        "WEFT_JOIN_ADDRESS", LOOPBACK + ":" + publicGrpc,
        "WEFT_JOIN_PLAINTEXT", "true",
        "WEFT_JOIN_TOKEN_FILE", ImageProcess.SECRETS + "/join-token",
        "WEFT_PROFILE_FILE", ImageProcess.SECRETS + "/profile.yaml");
  }

  @Override
  public void close() {
    running.values().forEach(ImageProcess::close);
    redis.kill();
    consul.kill();
    database.close();
  }
}
