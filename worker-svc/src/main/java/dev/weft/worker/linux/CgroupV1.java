package dev.weft.worker.linux;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Control groups of the first version: a hierarchy for each controller, the attempt in a group of
 * each.
 */
public final class CgroupV1 implements ControlGroups {

  private static final List<String> CONTROLLERS = List.of("memory", "pids", "cpuacct");

  /**
   * The sandbox's own monitor and first process are counted by the kernel but are not the task's.
   */
  static final int OWN_PROCESSES = 2;

  private final List<Path> bases;
  private final String prefix;
  private final String name;

  private CgroupV1(List<Path> bases, String prefix, String name) {
    this.bases = bases;
    this.prefix = prefix;
    this.name = name;
  }

  /**
   * Takes up the hierarchies if this process may make groups in all that are needed.
   *
   * @param prefix what this worker's groups of all incarnations begin with
   */
  public static Optional<ControlGroups> probe(Path root, String prefix, String incarnation) {
    try {
      List<Path> bases =
          CONTROLLERS.stream()
              .map(
                  controller ->
                      GroupFiles.ownPath(controller)
                          .map(own -> root.resolve(controller).resolve(own.substring(1)))
                          .orElse(root.resolve(controller)))
              .toList();
      CgroupV1 groups = new CgroupV1(bases, prefix, prefix + incarnation);
      for (int i = 0; i < bases.size(); i++) {
        Path own = bases.get(i).resolve(groups.name);
        Files.createDirectory(own);
        if (!Files.exists(own.resolve("cgroup.procs"))) {
          Files.delete(own);
          return Optional.empty();
        }
      }
      return Optional.of(groups);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public LimitsScope scope() {
    return LimitsScope.TREE;
  }

  @Override
  public AttemptGroup create(String run, Limits limits) throws IOException {
    return new Group(limited(below(own(), run), limits, 1));
  }

  @Override
  public SharedGroups together(String each, Limits limits, int atOnce) throws IOException {
    List<Path> parents = below(own(), each);
    try {
      countBelow(Files.createDirectories(parents.getFirst()));
      return new Together(limited(parents, limits, atOnce), atOnce);
    } catch (IOException e) {
      parents.forEach(GroupFiles::remove);
      throw e;
    }
  }

  /**
   * What is below counts since Linux 5.11 anyway; before, only where it is asked for and no group
   * is below yet.
   */
  private static void countBelow(Path memory) throws IOException {
    Path hierarchy = memory.resolve("memory.use_hierarchy");
    if (GroupFiles.number(hierarchy) != 1) {
      GroupFiles.write(hierarchy, 1);
    }
  }

  private List<Path> own() {
    return below(bases, name);
  }

  private static List<Path> below(List<Path> parents, String child) {
    return parents.stream().map(parent -> parent.resolve(child)).toList();
  }

  private static List<Path> limited(List<Path> groups, Limits limits, int sandboxes)
      throws IOException {
    for (Path group : groups) {
      Files.createDirectories(group);
    }
    Path memory = groups.getFirst();
    GroupFiles.write(memory.resolve("memory.limit_in_bytes"), limits.memoryBytes());
    Path withSwap = memory.resolve("memory.memsw.limit_in_bytes");
    if (Files.exists(withSwap)) {
      GroupFiles.write(withSwap, limits.memoryBytes());
    }
    GroupFiles.write(
        groups.get(1).resolve("pids.max"), limits.processes() + (long) sandboxes * OWN_PROCESSES);
    return groups;
  }

  @Override
  public void sweep() {
    for (Path base : bases) {
      for (Path group : GroupFiles.children(base)) {
        String each = String.valueOf(group.getFileName());
        if (each.startsWith(prefix) && !each.equals(name)) {
          GroupFiles.killAll(group);
          GroupFiles.remove(group);
        }
      }
    }
  }

  @Override
  public void close() {
    bases.forEach(base -> GroupFiles.remove(base.resolve(name)));
  }

  private record Together(List<Path> parents, int atOnce) implements SharedGroups {

    @Override
    public AttemptGroup create(String run, Limits limits) throws IOException {
      return new Group(limited(below(parents, run), limits, 1));
    }

    @Override
    public void limit(Limits limits) throws IOException {
      limited(parents, limits, atOnce);
    }

    @Override
    public void close() {
      GroupFiles.killAll(parents.get(1));
      parents.forEach(GroupFiles::remove);
    }
  }

  private record Group(List<Path> groups) implements AttemptGroup {

    @Override
    public List<Path> entrances() {
      return groups.stream().map(group -> group.resolve("cgroup.procs")).toList();
    }

    @Override
    public void limit(Limits limits) throws IOException {
      limited(groups, limits, 1);
    }

    @Override
    public Usage usage(long root) {
      Path memory = groups.get(0);
      Path pids = groups.get(1);
      return new Usage(
          Duration.ofNanos(GroupFiles.number(groups.get(2).resolve("cpuacct.usage"))),
          0,
          GroupFiles.number(memory.resolve("memory.max_usage_in_bytes")),
          0,
          GroupFiles.hit(
              GroupFiles.number(memory.resolve("memory.oom_control"), "oom_kill"),
              GroupFiles.number(pids.resolve("pids.events"), "max")));
    }

    @Override
    public void kill() {
      GroupFiles.killAll(groups.get(1));
    }

    @Override
    public void close() {
      groups.forEach(GroupFiles::remove);
    }
  }
}
