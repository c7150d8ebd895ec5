package dev.weft.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.Endpoints;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.Pace;
import dev.weft.cli.client.UnreachableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The local mesh seen from its public door. */
final class Fleet {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(150);

  private final HomeDirectory home;
  private final MeshOptions options;

  Fleet(HomeDirectory home, MeshOptions options) {
    this.home = home;
    this.options = options;
  }

  /**
   * Returns once every planned worker can be given work.
   *
   * @param check throws when nobody waits any more
   */
  void awaitReady(Runnable check) {
    MeshApi api = api();
    long end = System.nanoTime() + LIMIT.toNanos();
    Set<String> missing = names();
    while (!missing.isEmpty()) {
      check.run();
      try {
        missing = names();
        for (JsonNode worker : api.workers()) {
          if (worker.path("state").asText("").equals("WORKER_STATE_READY")) {
            missing.remove(worker.path("profile").path("name").asText(""));
          }
        }
      } catch (ApiException | UnreachableException e) {
        if (System.nanoTime() - end >= 0) {
          throw new MeshFailure("the mesh doesn't answer: " + e.getMessage());
        }
      }
      if (!missing.isEmpty()) {
        if (System.nanoTime() - end >= 0) {
          throw new MeshFailure(
              "workers not ready after %d s: %s (see %s)"
                  .formatted(LIMIT.toSeconds(), missing, home.logs()));
        }
        Pauses.pause(POLL);
      }
    }
  }

  private Set<String> names() {
    return WorkerPlan.of(options.workers()).stream()
        .map(WorkerPlan::name)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private MeshApi api() {
    PortPlan ports = new PortPlan(options.portBase());
    try {
      return new MeshApi(
          new Endpoints(
              IntStream.range(0, options.replicas())
                  .mapToObj(i -> URI.create("http://127.0.0.1:" + ports.gatewayRest(i)))
                  .toList()),
          Files.readString(home.token()).strip(),
          new Pace(Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofSeconds(20)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
