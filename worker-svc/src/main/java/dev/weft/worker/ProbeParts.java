package dev.weft.worker;

import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.probe.ApplicationProbe;
import dev.weft.worker.app.probe.Probe;
import dev.weft.worker.app.probe.Probing;
import dev.weft.worker.app.probe.SharedService;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.probe.ProbeLayer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a worker asks itself, put together.
 *
 * @param services those that attempts call
 * @param data the worker's own directory
 */
record ProbeParts(OfferedWork offered, List<SharedService> services, Path data) {

  /** Without a sandbox there is no command to try. */
  Probing make(Limits limits, Supplier<WorkView> work, Probing.Means means) {
    Map<ProbeLayer, Probe> probes = new EnumMap<>(ProbeLayer.class);
    probes.put(
        ProbeLayer.APPLICATION, new ApplicationProbe(work, services, data, means.blocking()));
    offered.probe(limits, work).ifPresent(probe -> probes.put(ProbeLayer.DEEP, probe));
    return new Probing(probes, means);
  }
}
