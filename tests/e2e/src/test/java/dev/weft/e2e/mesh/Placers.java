package dev.weft.e2e.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Which router replica holds the cell, as its public health page says. */
public final class Placers {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalMesh mesh;

  private Placers(LocalMesh mesh) {
    this.mesh = mesh;
  }

  public static Placers of(LocalMesh mesh) {
    return new Placers(mesh);
  }

  /** Name of the process that holds the cell, for example router-0; waits until there is one. */
  public String holder() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(this::find, Optional::isPresent)
        .orElseThrow();
  }

  public String standby() {
    return holder().equals("router-0") ? "router-1" : "router-0";
  }

  public Optional<String> find() {
    for (int replica = 0; replica < 2; replica++) {
      if (role(replica).equals("holder")) {
        return Optional.of("router-" + replica);
      }
    }
    return Optional.empty();
  }

  /** "holder", "standby", or "" while it doesn't answer. */
  public String role(int replica) {
    URI uri =
        URI.create("http://127.0.0.1:%d/q/health/ready".formatted(mesh.routerHttpPort(replica)));
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build();
    try {
      JsonNode health =
          JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
      for (JsonNode check : health.path("checks")) {
        if (check.path("data").has("role")) {
          return check.path("data").path("role").asText();
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
