package dev.weft.worker.linux;

import java.nio.file.Path;
import org.jboss.logging.Logger;

/** Finds the strongest way to hold limits that this process may use. */
public final class LimitsProbe {

  private static final Logger LOG = Logger.getLogger(LimitsProbe.class);
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private LimitsProbe() {}

  /** Control groups if the worker may make them, else limits of single processes. */
  public static ControlGroups find(String prefix, String incarnation) {
    ControlGroups found =
        CgroupV2.probe(ROOT, prefix, incarnation)
            .or(() -> CgroupV1.probe(ROOT, prefix, incarnation))
            .orElseGet(ProcessLimits::new);
    LOG.infof("limits: scope=%s", found.scope().text());
    return found;
  }
}
