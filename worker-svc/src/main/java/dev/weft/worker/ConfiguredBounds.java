package dev.weft.worker;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.grpc.ArtifactLinks;
import dev.weft.worker.sandbox.SandboxKit;
import dev.weft.worker.workspace.SpareTrees;
import dev.weft.worker.workspace.WorkspaceCache;
import java.nio.file.Path;
import java.util.List;

/** How much each part of a worker may take, as an operator has set it and as the heap allows. */
record ConfiguredBounds(WorkerConfig config) {

  private static final long MIB = 1024L * 1024;
  private static final long PROBE_MEMORY = 512 * MIB;
  private static final long PROBE_FILE = 64 * MIB;

  /** Each takes some 200 bytes of the heap, also while nobody uses it. */
  private static final int MOST_CACHED_BLOBS = 300_000;

  private static final int HEAP_PER_BLOB = 1024;
  private static final long MOST_SPARE_BYTES = 64 * MIB;

  /** A spare's names are on the heap, with some 300 bytes each. */
  private static final int MOST_SPARE_ENTRIES = 4_000;

  SandboxKit.Settings sandbox(Path data) {
    return new SandboxKit.Settings(
        data,
        Integer.toHexString(data.hashCode()),
        config.bwrap(),
        config.sandbox().readOnly().orElse(List.of()),
        ofTask(PROBE_MEMORY, PROBE_FILE));
  }

  /** Those of any task. */
  Limits ofTask(WorkerProfile.TaskLimits most) {
    return ofTask(most.maxMemoryBytes(), most.maxDiskBytes());
  }

  /**
   * @param memory bytes
   * @param file the largest, bytes
   */
  private Limits ofTask(long memory, long file) {
    WorkerConfig.Limits limits = config.limits();
    return new Limits(
        memory,
        limits.processes(),
        limits.cpuTime(),
        limits.outputMb() * MIB,
        limits.wallTime(),
        limits.openFiles(),
        file,
        limits.scratchMb() * MIB);
  }

  ArtifactLinks.OutputRoom output() {
    WorkerConfig.Output output = config.output();
    long total = Math.min(output.totalMb() * MIB, Runtime.getRuntime().maxMemory() / 4);
    return new ArtifactLinks.OutputRoom(
        total, output.bufferMb() * MIB, output.logMb() * MIB, output.linger());
  }

  SpareTrees.Bounds spares() {
    return new SpareTrees.Bounds(config.cache().spares(), MOST_SPARE_BYTES, MOST_SPARE_ENTRIES);
  }

  WorkspaceCache.CacheBounds cache() {
    long blobs = Math.min(MOST_CACHED_BLOBS, Runtime.getRuntime().maxMemory() / HEAP_PER_BLOB);
    return new WorkspaceCache.CacheBounds(config.cache().megabytes() * MIB, (int) blobs);
  }
}
