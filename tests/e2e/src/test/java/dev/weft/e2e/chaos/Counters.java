package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.MeshProcess;
import dev.weft.proto.workers.v1.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * What a mesh must have given back once nothing runs: leases, credits, places at the gateways, busy
 * database sessions, child processes, and files.
 */
final class Counters {

  private static final Duration SOON = Duration.ofSeconds(40);

  /** Connections that are kept for the next caller come and go. */
  private static final long KEPT_OPEN = 32;

  private static final List<String> GAUGES =
      List.of("weft_attempts_open", "weft_gateway_streams_open", "weft_gateway_submit_held");

  /** Without the upgrade to HTTP/2, which may hang. */
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final LocalMesh mesh;
  private final MeshClient client;

  Counters(LocalMesh mesh, MeshClient client) {
    this.mesh = mesh;
    this.client = client;
  }

  /** What is held now, by name. */
  Map<String, Long> now() {
    Map<String, Long> counts = new TreeMap<>();
    MeshDatabase database = new MeshDatabase(mesh);
    MeshDatabase.OWNERS.forEach(
        owner -> counts.put(owner + " busy sessions", (long) database.busySessions(owner)));
    for (MeshProcess process : mesh.processes()) {
      String port = mesh.environment(process.name()).get("QUARKUS_HTTP_PORT");
      if (!process.alive() || port == null) {
        continue;
      }
      counts.put(process.name() + " files", process.descriptors());
      counts.put(
          process.name() + " sandboxes",
          process.descendants().stream().filter(line -> line.contains("bwrap")).count());
      scrape(port)
          .lines()
          .filter(line -> GAUGES.stream().anyMatch(line::startsWith))
          .forEach(
              line ->
                  counts.merge(
                      process.name() + " " + line.replaceAll("[{ ].*", ""),
                      (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
                      Long::sum));
    }
    for (Worker worker : client.readyWorkers()) {
      counts.put(worker.getProfile().getName() + " slots", (long) worker.getLoad().getSlotsUsed());
    }
    return counts;
  }

  /** Waits until everything is as it was then. */
  void assertAsBefore(Map<String, Long> before) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              Map<String, Long> now = now();
              before.forEach(
                  (what, count) -> {
                    long slack = what.endsWith(" files") ? KEPT_OPEN : 0;
                    assertThat(now.getOrDefault(what, count))
                        .as(what)
                        .isLessThanOrEqualTo(count + slack);
                  });
            });
  }

  private String scrape(String port) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/q/metrics");
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at " + uri, e);
    }
  }
}
