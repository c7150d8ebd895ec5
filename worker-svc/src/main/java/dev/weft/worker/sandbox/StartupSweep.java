package dev.weft.worker.sandbox;

import dev.weft.worker.linux.ControlGroups;
import dev.weft.worker.linux.Kernel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * Makes sure that nothing of an earlier incarnation is left: its processes first, then its groups,
 * then its files.
 */
final class StartupSweep {

  private static final Logger LOG = Logger.getLogger(StartupSweep.class);

  private StartupSweep() {}

  static void run(AttemptRoot root, ControlGroups groups, LaunchThread launcher, Kernel kernel)
      throws IOException {
    int processes = 0;
    int directories = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.all())) {
      for (Path each : entries) {
        if (!each.equals(root.own())) {
          processes += Leftovers.of(each).kill(kernel);
        }
      }
    }
    groups.sweep();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.all())) {
      for (Path each : entries) {
        if (!each.equals(root.own()) && Removal.remove(each, launcher)) {
          directories++;
        }
      }
    }
    if (processes + directories > 0) {
      LOG.infof("leftovers swept: processes=%d directories=%d", processes, directories);
    }
  }
}
