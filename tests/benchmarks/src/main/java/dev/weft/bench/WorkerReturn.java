package dev.weft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** How long after {@code kill -9} a local worker is back: another process, registered and READY. */
final class WorkerReturn implements Benchmark {

  private static final int TIMES = 5;
  private static final long LOOK_MILLIS = 20;
  private static final long GIVE_UP_SECONDS = 120;

  @Override
  public String name() {
    return "worker-return";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    List<String> workers = here(mesh);
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      seconds.add(once(mesh, workers.get(i % workers.size())));
    }
    report.addMedian("killed worker is READY again", seconds, "s");
  }

  /** The mesh's workers that are processes of this machine, by name. */
  static List<String> here(Mesh mesh) throws IOException {
    List<String> workers = new ArrayList<>();
    mesh.get("/v1/workers")
        .path("workers")
        .forEach(worker -> workers.add(worker.path("profile").path("name").asText()));
    workers.retainAll(mesh.processes().keySet());
    if (workers.isEmpty()) {
      throw new BenchFailure("no worker of this mesh is on this machine");
    }
    return workers;
  }

  private static double once(Mesh mesh, String name) throws IOException, InterruptedException {
    long victim = pid(mesh, name);
    long killed = System.nanoTime();
    kill(name, victim);
    awaitAnother(mesh, name, victim);
    return (System.nanoTime() - killed) / 1e9;
  }

  static long pid(Mesh mesh, String name) {
    return Objects.requireNonNull(mesh.processes().get(name), name);
  }

  static void kill(String name, long victim) {
    if (!ProcessHandle.of(victim).map(ProcessHandle::destroyForcibly).orElse(false)) {
      throw new BenchFailure("worker " + name + " could not be killed");
    }
  }

  /** Waits until another process has the worker's name, registered and READY. */
  static void awaitAnother(Mesh mesh, String name, long victim)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS)) {
      Thread.sleep(LOOK_MILLIS);
      if (mesh.processes().getOrDefault(name, victim) != victim
          && isReady(mesh.port(name, "http"))
          && worker(mesh, name).path("state").asText().equals("WORKER_STATE_READY")) {
        return;
      }
    }
    throw new BenchFailure("worker " + name + ": not back after " + GIVE_UP_SECONDS + " s");
  }

  /** By its own word: the registry may not have noticed yet that the one before has died. */
  private static boolean isReady(int port) {
    try (Http answer =
        Http.get(URI.create("http://127.0.0.1:" + port + "/q/health/ready"), "none")) {
      return answer.status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static JsonNode worker(Mesh mesh, String name) throws IOException {
    for (JsonNode worker : mesh.get("/v1/workers").path("workers")) {
      if (worker.path("profile").path("name").asText().equals(name)) {
        return worker;
      }
    }
    return Mesh.JSON.createObjectNode();
  }
}
