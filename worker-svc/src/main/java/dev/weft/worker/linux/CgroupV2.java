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
 * Control groups of the second version. A group that hands controllers down may hold no process
 * itself, so the worker moves into a leaf beside its attempts; where that is not allowed, the
 * groups are not to be had.
 */
public final class CgroupV2 implements ControlGroups {

  private static final List<String> CONTROLLERS = List.of("memory", "pids");
  private static final String WORKER_LEAF = "weft-worker";

  private final Path base;
  private final String prefix;
  private final String name;

  private CgroupV2(Path base, String prefix, String name) {
    this.base = base;
    this.prefix = prefix;
    this.name = name;
  }

  /** Takes up the hierarchy if it has the controllers and hands them down to this process. */
  public static Optional<ControlGroups> probe(Path root, String prefix, String incarnation) {
    Optional<Path> base =
        GroupFiles.ownPath("").map(own -> root.resolve(own.substring(1)).normalize());
    if (base.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(open(homeOf(base.get()), prefix, incarnation));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A worker that an earlier one of its kind started may find itself in the leaf already. */
  private static Path homeOf(Path own) {
    Path parent = own.getParent();
    return own.endsWith(WORKER_LEAF) && parent != null ? parent : own;
  }

  static CgroupV2 open(Path base, String prefix, String incarnation) throws IOException {
    List<String> offered =
        List.of(Files.readString(base.resolve("cgroup.controllers")).strip().split(" "));
    if (!offered.containsAll(CONTROLLERS)) {
      throw new IOException("controllers: " + offered + " (expected: " + CONTROLLERS + ")");
    }
    Path leaf = Files.createDirectories(base.resolve(WORKER_LEAF));
    GroupFiles.write(leaf.resolve("cgroup.procs"), ProcessHandle.current().pid());
    GroupFiles.write(base.resolve("cgroup.subtree_control"), "+memory +pids");
    Path own = Files.createDirectories(base.resolve(prefix + incarnation));
    GroupFiles.write(own.resolve("cgroup.subtree_control"), "+memory +pids");
    return new CgroupV2(base, prefix, prefix + incarnation);
  }

  @Override
  public LimitsScope scope() {
    return LimitsScope.TREE;
  }

  @Override
  public AttemptGroup create(String run, Limits limits) throws IOException {
    return single(base.resolve(name).resolve(run), limits);
  }

  @Override
  public SharedGroups together(String each, Limits limits, int atOnce) throws IOException {
    Path parent = base.resolve(name).resolve(each);
    try {
      limited(parent, limits, atOnce);
      GroupFiles.write(parent.resolve("cgroup.subtree_control"), "+memory +pids");
      return new Together(parent, atOnce);
    } catch (IOException e) {
      GroupFiles.remove(parent);
      throw e;
    }
  }

  private static Group single(Path path, Limits limits) throws IOException {
    Path group = limited(path, limits, 1);
    GroupFiles.write(group.resolve("memory.oom.group"), 1);
    return new Group(group);
  }

  private static Path limited(Path path, Limits limits, int sandboxes) throws IOException {
    Path group = Files.createDirectories(path);
    GroupFiles.write(group.resolve("memory.max"), limits.memoryBytes());
    if (Files.exists(group.resolve("memory.swap.max"))) {
      GroupFiles.write(group.resolve("memory.swap.max"), 0);
    }
    GroupFiles.write(
        group.resolve("pids.max"), limits.processes() + (long) sandboxes * CgroupV1.OWN_PROCESSES);
    return group;
  }

  @Override
  public void sweep() {
    for (Path group : GroupFiles.children(base)) {
      String each = String.valueOf(group.getFileName());
      if (each.startsWith(prefix) && !each.equals(name)) {
        GroupFiles.killAll(group);
        GroupFiles.remove(group);
      }
    }
  }

  @Override
  public void close() {
    GroupFiles.remove(base.resolve(name));
  }

  /** The kernel chooses whom it ends among the groups below, and ends that one whole. */
  private record Together(Path parent, int atOnce) implements SharedGroups {

    @Override
    public AttemptGroup create(String run, Limits limits) throws IOException {
      return single(parent.resolve(run), limits);
    }

    @Override
    public void limit(Limits limits) throws IOException {
      limited(parent, limits, atOnce);
    }

    @Override
    public void close() {
      GroupFiles.killAll(parent);
      GroupFiles.remove(parent);
    }
  }

  private record Group(Path group) implements AttemptGroup {

    @Override
    public List<Path> entrances() {
      return List.of(group.resolve("cgroup.procs"));
    }

    @Override
    public void limit(Limits limits) throws IOException {
      limited(group, limits, 1);
    }

    @Override
    public Usage usage(long root) {
      return new Usage(
          Duration.ofNanos(GroupFiles.number(group.resolve("cpu.stat"), "usage_usec") * 1000),
          0,
          GroupFiles.number(group.resolve("memory.peak")),
          0,
          GroupFiles.hit(
              GroupFiles.number(group.resolve("memory.events"), "oom_kill"),
              GroupFiles.number(group.resolve("pids.events"), "max")));
    }

    @Override
    public void kill() {
      try {
        GroupFiles.write(group.resolve("cgroup.kill"), 1);
      } catch (IOException e) {
        GroupFiles.killAll(group);
      }
    }

    @Override
    public void close() {
      GroupFiles.remove(group);
    }
  }
}
