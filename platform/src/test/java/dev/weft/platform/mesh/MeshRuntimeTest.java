package dev.weft.platform.mesh;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.grpc.Peer;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.PemFiles;
import dev.weft.platform.security.SecurityFailure;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.RawMethods;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MeshRuntimeTest {

  /** As a service declares its own. */
  @ConfigMapping(prefix = "weft")
  interface ServiceConfig extends MeshConfig {}

  @TempDir Path directory;

  private final TestCa ca = new TestCa();
  private final Vertx vertx = Vertx.vertx();

  @BeforeEach
  void certificate() {
    ca.write(directory, "router", "router-0");
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void environmentIsRead() {
    MeshConfig config =
        config(
            Map.of(
                "weft.cell", "3",
                "weft.mesh.host", "0.0.0.0",
                "weft.mesh.port", "7110",
                "weft.mesh.advertise", "router-0.example:7110",
                "weft.consul.url", "http://127.0.0.1:7062",
                "weft.consul.token", "t",
                "weft.static.router", "a:1,b:2"));

    assertThat(config.cell()).isEqualTo(3);
    assertThat(config.mesh().host()).isEqualTo("0.0.0.0");
    assertThat(config.mesh().advertise()).contains("router-0.example:7110");
    assertThat(config.consul().url()).contains("http://127.0.0.1:7062");
    assertThat(config.staticAddresses().router()).contains(List.of("a:1", "b:2"));
    assertThat(config.staticAddresses().registry()).isEmpty();
  }

  @Test
  void defaultsAreLoopbackAndNoConsul() {
    MeshConfig config = config(Map.of("weft.consul.url", ""));

    assertThat(config.cell()).isZero();
    assertThat(config.mesh().host()).isEqualTo("127.0.0.1");
    assertThat(config.consul().url()).isEmpty();
    assertThat(config.mesh().advertise()).isEmpty();
  }

  @Test
  void aServiceServesItsMeshPortAndOthersFindItsHolder() throws Exception {
    MeshRuntime router = MeshRuntime.open(config(Map.of()), "router", vertx, MeshTelemetry.none());
    MeshService echo =
        MeshService.of(
            RawMethods.unary(
                (request, observer) -> {
                  observer.onNext(Peer.current().nodeId() + ":" + request);
                  observer.onCompleted();
                }),
            "gateway");
    router.serve(List.of(echo), MeshServer.Builder::directExecutor);
    assertThat(router.advertised()).isEqualTo(new HostPort("127.0.0.1", router.port()));

    ca.write(directory, "gateway", "gateway-0");
    MeshConfig gatewayConfig =
        config(
            Map.of(
                "weft.node-id", "gateway-0", "weft.static.router", router.advertised().toString()));
    MeshRuntime gateway = MeshRuntime.open(gatewayConfig, "gateway", vertx, MeshTelemetry.none());
    try (HolderClient holder = gateway.holder("router")) {
      String answer =
          holder
              .call(
                  channel ->
                      ClientCalls.futureUnaryCall(
                          channel.newCall(RawMethods.UNARY, CallOptions.DEFAULT), "hi"),
                  Duration.ofSeconds(10))
              .toCompletableFuture()
              .get(15, SECONDS);
      assertThat(answer).isEqualTo("gateway-0:hi");
    } finally {
      gateway.close();
      router.stopTaking();
      router.deregister();
      router.drain(Duration.ofSeconds(2));
      router.close();
    }
  }

  @Test
  void aCertificateOfAnotherNodeOrRoleIsRefusedAtTheStart() {
    MeshConfig otherNode = config(Map.of("weft.node-id", "router-1"));

    assertThatThrownBy(() -> MeshRuntime.open(otherNode, "router", vertx, MeshTelemetry.none()))
        .isInstanceOf(SecurityFailure.class)
        .hasMessageContaining("router-1");
    assertThatThrownBy(
            () -> MeshRuntime.open(config(Map.of()), "gateway", vertx, MeshTelemetry.none()))
        .isInstanceOf(SecurityFailure.class);
  }

  @Test
  void replacedFilesAreTakenUpAndUnfitOnesAreNot() throws Exception {
    MeshConfig config = config(Map.of());
    MeshIdentity identity = new MeshIdentity(CredentialFiles.read(config.mesh()));
    MeshCredentials first = identity.credentials();
    try (CredentialFiles files =
        new CredentialFiles(config.mesh(), identity, vertx, Duration.ofMillis(20))) {
      assertThat(files).isNotNull();
      PemFiles.writeCertificates(
          directory.resolve("cert.pem"), ca.credentials("router", "router-0").chain());
      await().during(Duration.ofMillis(300)).until(() -> identity.credentials().equals(first));
      ca.write(directory, "gateway", "router-0");
      await().during(Duration.ofMillis(300)).until(() -> identity.credentials().equals(first));

      ca.write(directory, "router", "router-0");

      MeshCredentials second = CredentialFiles.read(config.mesh());
      await().until(() -> identity.credentials().equals(second));
      assertThat(second).isNotEqualTo(first);
    }
  }

  @Test
  void aTakenPortIsNamed() {
    MeshRuntime first = MeshRuntime.open(config(Map.of()), "router", vertx, MeshTelemetry.none());
    first.serve(List.of());
    MeshRuntime second =
        MeshRuntime.open(
            config(Map.of("weft.mesh.port", String.valueOf(first.port()))),
            "router",
            vertx,
            MeshTelemetry.none());
    try {
      assertThatThrownBy(() -> second.serve(List.of()))
          .hasMessageContaining("127.0.0.1:" + first.port());
    } finally {
      second.close();
      first.close();
    }
  }

  private MeshConfig config(Map<String, String> values) {
    Map<String, String> all = new HashMap<>();
    all.put("weft.node-id", "router-0");
    all.put("weft.mesh.port", "0");
    all.put("weft.mesh.cert-file", directory.resolve("cert.pem").toString());
    all.put("weft.mesh.key-file", directory.resolve("key.pem").toString());
    all.put("weft.mesh.ca-file", directory.resolve("ca.pem").toString());
    all.putAll(values);
    return new SmallRyeConfigBuilder()
        .withMapping(ServiceConfig.class)
        .withSources(new PropertiesConfigSource(all, "test", 100))
        .build()
        .getConfigMapping(ServiceConfig.class);
  }
}
