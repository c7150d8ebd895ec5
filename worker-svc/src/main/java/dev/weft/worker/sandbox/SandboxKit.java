package dev.weft.worker.sandbox;

import dev.weft.worker.app.Sandbox;
import dev.weft.worker.app.Workspaces;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.linux.ControlGroups;
import dev.weft.worker.linux.Kernel;
import dev.weft.worker.linux.LimitsProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * All that one worker process makes sandboxes with: opened once at start, after which nothing of an
 * earlier incarnation runs any more; closed once at the end.
 */
public final class SandboxKit implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(SandboxKit.class);

  private final AttemptRoot root;
  private final LaunchThread launcher;
  private final Sentinel sentinel;
  private final ControlGroups groups;
  private final DirectoryWorkspaces workspaces;
  private final Optional<BubblewrapSandbox> sandbox;
  private final Limits limits;

  private SandboxKit(
      AttemptRoot root,
      LaunchThread launcher,
      Sentinel sentinel,
      ControlGroups groups,
      DirectoryWorkspaces workspaces,
      Optional<BubblewrapSandbox> sandbox,
      Limits limits) {
    this.root = root;
    this.launcher = launcher;
    this.sentinel = sentinel;
    this.groups = groups;
    this.workspaces = workspaces;
    this.sandbox = sandbox;
    this.limits = limits;
  }

  /**
   * What the operator decides.
   *
   * @param data the worker's own directory
   * @param name tells this worker from others on the machine; letters and digits
   * @param bubblewrap where it is, if not in one of the usual places
   * @param readOnly paths of the host that tasks may read besides the system
   */
  public record Settings(
      Path data, String name, Optional<Path> bubblewrap, List<Path> readOnly, Limits limits) {}

  /** Sweeps, probes and gets ready. */
  public static SandboxKit open(Settings settings, String incarnation)
      throws IOException, InterruptedException {
    Kernel kernel = new Kernel();
    if (!kernel.adoptOrphans()) {
      throw new IOException("worker: can't become the reaper of its sandboxes");
    }
    LaunchThread launcher = LaunchThread.begin();
    AttemptRoot root = AttemptRoot.open(settings.data(), settings.name(), incarnation);
    ControlGroups groups = LimitsProbe.find("weft-" + settings.name() + "-", incarnation);
    StartupSweep.run(root, groups, launcher, kernel);
    Sentinel sentinel = Sentinel.watch(root, launcher);
    DirectoryWorkspaces workspaces = new DirectoryWorkspaces(root, launcher);
    Optional<BubblewrapSandbox> sandbox = Optional.empty();
    try {
      BubblewrapSandbox found = assemble(settings, root, launcher, groups, kernel);
      Optional<String> fault =
          SandboxProbe.check(found, workspaces, settings.limits(), SandboxProbe.PATIENCE);
      if (fault.isPresent()) {
        throw new IOException(fault.get());
      }
      sandbox = Optional.of(found);
      LOG.infof("sandbox: sandboxLevel=%s limits=%s", found.level(), found.limitsScope().text());
    } catch (IOException e) {
      LOG.warnf(
          "no sandbox above NONE, shell tasks will not be offered: reason=%s", e.getMessage());
    }
    return new SandboxKit(root, launcher, sentinel, groups, workspaces, sandbox, settings.limits());
  }

  private static BubblewrapSandbox assemble(
      Settings settings,
      AttemptRoot root,
      LaunchThread launcher,
      ControlGroups groups,
      Kernel kernel)
      throws IOException {
    Architecture architecture =
        Architecture.ofName(System.getProperty("os.arch", ""))
            .orElseThrow(() -> new IOException("machine: " + System.getProperty("os.arch")));
    Path shared =
        AttemptRoot.makeDirectory(
            root.own().resolve("shared"),
            PosixFilePermissions.fromString(root.privileged() ? "rwx--x--x" : "rwx------"));
    Path filter = shared.resolve("filter.bpf");
    Files.write(filter, SeccompFilter.program(architecture));
    SystemView system = SystemView.prepare(shared, settings.readOnly());
    return new BubblewrapSandbox(
        new BubblewrapArguments(tools(settings, root, shared), system, groups.scope()),
        filter,
        launcher,
        groups,
        kernel);
  }

  private static Tools tools(Settings settings, AttemptRoot root, Path shared) throws IOException {
    Path bubblewrap =
        settings
            .bubblewrap()
            .filter(Files::isExecutable)
            .or(() -> Tools.find("bwrap"))
            .orElseThrow(() -> new IOException("bubblewrap: not found (set WEFT_BWRAP)"));
    if (root.privileged() && !AttemptRoot.passable(parentOf(bubblewrap.toRealPath()))) {
      Path copy = shared.resolve("bwrap");
      Files.copy(bubblewrap, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
      bubblewrap = copy;
    }
    return new Tools(tool("env"), bubblewrap, tool("prlimit"), tool("setsid"), tool("setpriv"));
  }

  private static Path parentOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  private static Path tool(String name) throws IOException {
    return Tools.find(name)
        .orElseThrow(() -> new IOException(name + ": not found (package util-linux)"));
  }

  /** The sandbox that was found to hold; none if there is none. */
  public Optional<Sandbox> sandbox() {
    return sandbox.map(found -> found);
  }

  /** What is wrong with the sandbox now, as it was asked at the start. Blocks. */
  public Optional<String> fault() throws InterruptedException {
    return sandbox.isEmpty()
        ? Optional.of("no sandbox")
        : SandboxProbe.check(sandbox.get(), workspaces, limits, SandboxProbe.PATIENCE);
  }

  public Workspaces workspaces() {
    return workspaces;
  }

  /**
   * Where bodies live, if there is a sandbox.
   *
   * @param most limits of any body
   * @param spare sandboxes that wait for bodies
   * @param later runs what prepares them, a moment after it was asked to
   */
  public Optional<WarmBodyPlaces> bodyPlaces(Limits most, int spare, Executor later) {
    DeviceTerminals terminals = new DeviceTerminals();
    return sandbox.map(
        found ->
            new WarmBodyPlaces(
                new WarmShelf<>(
                    new WaitingSandboxes(found, workspaces, terminals, most), spare, later),
                new FreshBodyPlaces(found, workspaces, terminals),
                terminals,
                most));
  }

  /** Starts processes that are no sandboxes, for example to ask the machine what it has. */
  public LaunchThread launcher() {
    return launcher;
  }

  /** Where attempts have their directories; what is made in it goes with them. */
  public Path attempts() {
    return root.own();
  }

  /** Removes what this incarnation made; nothing of a task may run any more. */
  @Override
  public void close() {
    groups.close();
    Removal.remove(root.own(), launcher);
    root.removeIfEmpty();
    sentinel.close();
  }
}
