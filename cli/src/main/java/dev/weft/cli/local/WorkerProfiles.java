package dev.weft.cli.local;

import dev.weft.parts.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the local workers say of themselves. The file is the user's once it is there: edits stay.
 */
final class WorkerProfiles {
  private WorkerProfiles() {}

  static Path file(HomeDirectory home, WorkerPlan worker) {
    return home.worker(worker.name()).resolve("profile.yaml");
  }

  static void ensure(HomeDirectory home, WorkerPlan worker) {
    Path file = file(home, worker);
    if (!Files.exists(file)) {
      PrivateFile.write(file, text(worker));
    }
  }

  /** What stands in it at first. */
  static String text(WorkerPlan worker) {
    return template(worker).replace("${name}", worker.name());
  }

  private static String template(WorkerPlan worker) {
    String resource = "profiles/" + worker.guise().pool() + ".yaml";
    try (InputStream in = WorkerProfiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
