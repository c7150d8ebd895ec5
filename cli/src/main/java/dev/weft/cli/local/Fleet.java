package dev.weft.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.Endpoints;
import dev.weft.cli.client.FleetApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.Pace;
import dev.weft.cli.client.UnreachableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The local mesh seen from its public door. */
final class Fleet {
  private static final Duration LIMIT = Duration.ofSeconds(90);
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
  void awaitWorkers(Runnable check) {
    List<String> planned = WorkerPlan.of(options.workers()).stream().map(WorkerPlan::name).toList();
    await(
        check,
        api -> {
          Set<String> ready = ready(api);
          return planned.stream().filter(name -> !ready.contains(name)).toList();
        });
  }

  /** Returns once every pool has as many workers that can be given work as it should have. */
  void awaitPools(Runnable check) {
    await(
        check,
        api -> {
          Set<String> ready = ready(api);
          List<String> missing = new ArrayList<>();
          List<JsonNode> pools = new FleetApi(api).pools();
          pools.forEach(pool -> missing.addAll(missing(pool, ready)));
          return pools.isEmpty() ? List.of("any pool") : missing;
        });
  }

  private static List<String> missing(JsonNode pool, Set<String> ready) {
    List<String> waiting = new ArrayList<>();
    int serving = 0;
    for (JsonNode instance : pool.path("instances")) {
      String name = instance.path("workerName").asText("");
      String state = instance.path("state").asText("");
      if (state.equals("INSTANCE_STATE_RUNNING") && ready.contains(name)) {
        serving++;
      } else if (!state.equals("INSTANCE_STATE_DRAINING")) {
        waiting.add(name + " (" + instance.path("detail").asText("") + ")");
      }
    }
    String sum =
        "%s: %d of %d"
            .formatted(pool.path("name").asText(""), serving, pool.path("desired").asInt());
    return serving >= pool.path("desired").asInt()
        ? List.of()
        : List.of(waiting.isEmpty() ? sum : sum + " " + waiting);
  }

  private static Set<String> ready(MeshApi api) {
    Set<String> names = new HashSet<>();
    for (JsonNode worker : new FleetApi(api).workers()) {
      if (worker.path("state").asText("").equals("WORKER_STATE_READY")) {
        names.add(worker.path("profile").path("name").asText(""));
      }
    }
    return names;
  }

  private void await(Runnable check, Function<MeshApi, List<String>> missing) {
    MeshApi api = api();
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      check.run();
      String lacking;
      try {
        List<String> names = missing.apply(api);
        if (names.isEmpty()) {
          return;
        }
        lacking =
            "workers not ready after %d s: %s (see %s)"
                .formatted(LIMIT.toSeconds(), names, home.logs());
      } catch (ApiException | UnreachableException e) {
        lacking = "the mesh doesn't answer: " + e.getMessage();
      }
      if (System.nanoTime() - end >= 0) {
        throw new MeshFailure(lacking);
      }
      Pauses.pause(POLL);
    }
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
