package dev.weft.worker.app.probe;

import dev.weft.worker.app.WorkView;
import dev.weft.worker.domain.probe.ProbeFinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Layer 3: whether the worker has what its work needs. A placer that answers on the work stream,
 * the services that attempts call, all asked at once, and a disk that gives back what was written.
 */
public final class ApplicationProbe implements Probe {

  private static final String PLACER = "placer";
  private static final String DISK = "disk";
  private static final String FILE = "probe";
  private static final int BYTES = 4096;

  private final Supplier<WorkView> work;
  private final List<SharedService> services;
  private final Path directory;
  private final Executor blocking;
  private final AtomicInteger rounds = new AtomicInteger();

  /**
   * @param directory the worker's own, in which a file of 4 KiB is written
   * @param blocking runs what waits
   */
  public ApplicationProbe(
      Supplier<WorkView> work, List<SharedService> services, Path directory, Executor blocking) {
    this.work = work;
    this.services = List.copyOf(services);
    this.directory = directory;
    this.blocking = blocking;
  }

  @Override
  public List<ProbeFinding> ask(Duration timeout) {
    // So that a service which does not answer is named before the whole probe is given up.
    Duration each = timeout.multipliedBy(4).dividedBy(5);
    List<CompletableFuture<ProbeFinding>> asked =
        services.stream()
            .filter(SharedService::known)
            .map(
                service ->
                    CompletableFuture.supplyAsync(
                        () ->
                            ProbeFinding.ofService(service.name(), service.fault(each).orElse("")),
                        blocking))
            .toList();
    List<ProbeFinding> findings = new ArrayList<>();
    findings.add(
        ProbeFinding.ofService(PLACER, work.get().connected() ? "" : "none answers this worker"));
    findings.add(ProbeFinding.own(DISK, diskFault()));
    asked.forEach(answer -> findings.add(answer.join()));
    return findings;
  }

  private String diskFault() {
    byte[] written = new byte[BYTES];
    Arrays.fill(written, (byte) rounds.incrementAndGet());
    Path file = directory.resolve(FILE);
    try {
      Files.write(file, written);
      byte[] read = Files.readAllBytes(file);
      Files.delete(file);
      return Arrays.equals(written, read) ? "" : "gives back other bytes than were written";
    } catch (IOException e) {
      return e.toString();
    }
  }
}
