package dev.weft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lets each worker of a mesh of our own have many bodies: its profile is edited, as people may. */
final class BodySlots {

  private static final String SLOTS = "agent: \\d+";

  private BodySlots() {}

  /** Does nothing at a mesh that is somebody else's, whose workers are as they are. */
  static void raise(Mesh mesh, int slots) throws IOException, InterruptedException {
    if (!mesh.own()) {
      return;
    }
    for (String worker : WorkerReturn.here(mesh)) {
      Path profile = mesh.home().resolve("workers").resolve(worker).resolve("profile.yaml");
      String text = Files.readString(profile);
      String raised = text.replaceFirst(SLOTS, "agent: " + slots);
      if (!raised.equals(text)) {
        Files.writeString(profile, raised);
        long old = WorkerReturn.pid(mesh, worker);
        WorkerReturn.kill(worker, old);
        WorkerReturn.awaitAnother(mesh, worker, old);
        awaitSlots(mesh, worker, slots);
      }
    }
  }

  private static void awaitSlots(Mesh mesh, String name, int slots)
      throws IOException, InterruptedException {
    for (int i = 0; i < 600; i++) {
      for (JsonNode worker : mesh.get("/v1/workers").path("workers")) {
        if (worker.path("profile").path("name").asText().equals(name)
            && worker.path("load").path("slotsTotal").asInt() >= slots) {
          return;
        }
      }
      Thread.sleep(100);
    }
    throw new BenchFailure("worker " + name + ": no " + slots + " slots after a minute");
  }
}
