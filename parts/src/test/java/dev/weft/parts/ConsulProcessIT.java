package dev.weft.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsulProcessIT {
  @TempDir static Path directory;
  private static ConsulProcess consul;

  @BeforeAll
  static void start() {
    consul =
        ConsulProcess.start(
            new ConsulSettings(
                directory,
                new ConsulSettings.Ports(FreePort.find(), FreePort.find(), FreePort.find()),
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                Lifetime.OWNER),
            new BinaryFinder(System.getenv()));
  }

  @AfterAll
  static void stop() {
    consul.close();
    assertThat(consul.isRunning()).isFalse();
  }

  @Test
  void serviceTokenRegistersWeftServicesOnly() throws Exception {
    assertThat(register("weft-router", consul.serviceToken())).isEqualTo(200);
    assertThat(register("billing", consul.serviceToken())).isEqualTo(403);
    assertThat(register("weft-router", "")).isEqualTo(403);
  }

  @Test
  void ttlCheckOfARegisteredServiceCanBePassedAndFound() throws Exception {
    register("weft-gateway", consul.serviceToken());

    assertThat(send("PUT", "/v1/agent/check/pass/service:weft-gateway", "", consul.serviceToken()))
        .isEqualTo(200);
    assertThat(body("/v1/health/service/weft-gateway?passing", consul.serviceToken()))
        .contains("\"Port\": 7100".replace(" ", ""));
    assertThat(body("/v1/health/service/weft-gateway?passing", "")).isEqualTo("[]");
  }

  @Test
  void tokensStayValidAfterAKill() throws Exception {
    consul.kill();
    consul.start();

    assertThat(register("weft-registry", consul.serviceToken())).isEqualTo(200);
  }

  private static int register(String name, String token) throws Exception {
    String body = "{\"Name\":\"%s\",\"Port\":7100,\"Check\":{\"TTL\":\"5s\"}}".formatted(name);
    return send("PUT", "/v1/agent/service/register", body, token);
  }

  private static int send(String method, String path, String body, String token)
      throws IOException, InterruptedException {
    return exchange(method, path, body, token).statusCode();
  }

  private static String body(String path, String token) throws IOException, InterruptedException {
    return exchange("GET", path, "", token).body().strip();
  }

  private static HttpResponse<String> exchange(
      String method, String path, String body, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(consul.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("X-Consul-Token", token);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
