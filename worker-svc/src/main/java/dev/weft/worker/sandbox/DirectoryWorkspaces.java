package dev.weft.worker.sandbox;

import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.InvalidWorkException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.Workspaces;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.InlineFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/** Workspaces as directories on the worker's disk. */
public final class DirectoryWorkspaces implements Workspaces {

  private static final Logger LOG = Logger.getLogger(DirectoryWorkspaces.class);
  private static final int MOST_REMOVED_TOGETHER = 4;

  private final AttemptRoot root;
  private final OwnerPool owners;
  private final LaunchThread launcher;
  private final Executor removals;

  /** A command that leaves more files than can be removed in its turn waits for them. */
  private final Semaphore removing = new Semaphore(MOST_REMOVED_TOGETHER);

  public DirectoryWorkspaces(AttemptRoot root, LaunchThread launcher) {
    this(root, launcher, Thread.ofPlatform().daemon().name("weft-removal")::start);
  }

  /**
   * @param removals runs what takes long in the kernel
   */
  DirectoryWorkspaces(AttemptRoot root, LaunchThread launcher, Executor removals) {
    this.root = root;
    this.owners = new OwnerPool(root.privileged());
    this.launcher = launcher;
    this.removals = removals;
  }

  @Override
  public Workspace open(AttemptKey key) throws IOException {
    return open(key.fileName());
  }

  /**
   * Makes an empty workspace that is its user's already.
   *
   * @param name unique among those that are there
   */
  Workspace open(String name) throws IOException {
    Made workspace = make(root.makeAttempt(name), owners.take());
    try {
      Files.createDirectory(workspace.directory());
      own(workspace, workspace.directory(), "rwx------");
      return workspace;
    } catch (IOException | RuntimeException e) {
      workspace.close();
      throw e;
    }
  }

  private Made make(Path attempt, OptionalInt owner) throws IOException {
    try {
      return new Made(attempt, owner, UsagePipe.make(attempt, owner));
    } catch (IOException | RuntimeException e) {
      remove(attempt, owner);
      throw e;
    }
  }

  private void remove(Path attempt, OptionalInt owner) {
    if (!Removal.remove(attempt, launcher)) {
      LOG.warnf("workspace stays until the next start: directory=%s", attempt);
    }
    owners.giveBack(owner);
  }

  private static void write(Made workspace, InlineFile file)
      throws InvalidWorkException, IOException {
    String name = SafePath.require("file path", file.path());
    int slash = name.lastIndexOf('/');
    Path parent = workspace.directory();
    if (slash > 0) {
      makeDirectories(workspace, name.substring(0, slash));
      parent = parent.resolve(name.substring(0, slash));
    }
    Path target = workspace.directory().resolve(name);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new InvalidWorkException("file path", name, "every path once, and no file as a folder");
    }
    require(PosixFilePermission.OWNER_WRITE, parent, name);
    try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
      out.write(file.content());
    }
    own(workspace, target, file.executable() ? "rwxr-xr-x" : "rw-r--r--");
  }

  /** Nobody else can write here yet: what is there was brought with the task, or made here. */
  private static void makeDirectories(Made workspace, String path)
      throws InvalidWorkException, IOException {
    Path directory = workspace.directory();
    for (String name : path.split("/")) {
      Path parent = directory;
      directory = parent.resolve(name);
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        require(PosixFilePermission.OWNER_EXECUTE, directory, path);
        continue;
      }
      if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new InvalidWorkException("path", path, "no file as a folder");
      }
      require(PosixFilePermission.OWNER_WRITE, parent, path);
      Files.createDirectory(directory);
      own(workspace, directory, "rwxr-xr-x");
    }
  }

  /**
   * A tree that was brought may have folders of any mode. What such a one forbids its owner is the
   * task's mistake; found later, it would look like a fault of the sandbox.
   */
  private static void require(PosixFilePermission needed, Path directory, String path)
      throws InvalidWorkException, IOException {
    if (!Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS).contains(needed)) {
      throw new InvalidWorkException(
          "path", path, "folders that allow their owner " + needed.name());
    }
  }

  private static void own(Made workspace, Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    if (workspace.owner().isPresent()) {
      int uid = workspace.owner().getAsInt();
      Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /**
   * One more command in a workspace. It names what is the workspace's by way of its own directory,
   * so that what makes its sandbox can be told by its command line from what makes the others'.
   */
  private record Place(Path backstage, Path attempt, OptionalInt owner, LaunchThread launcher)
      implements CommandPlace {

    @Override
    public Path directory() {
      return beside("work");
    }

    @Override
    public Path usage() {
      return beside(UsagePipe.NAME);
    }

    private Path beside(String name) {
      return backstage.resolve("..").resolve(attempt.getFileName()).resolve(name);
    }

    @Override
    public Path stdin() {
      return backstage.resolve("stdin");
    }

    @Override
    public void close() {
      if (!Removal.remove(backstage, launcher)) {
        LOG.warnf("a command's files stay until the next start: directory=%s", backstage);
      }
    }
  }

  private final class Made implements Workspace {

    private final Path attempt;
    private final OptionalInt owner;
    private final UsagePipe usage;
    private boolean left;

    Made(Path attempt, OptionalInt owner, UsagePipe usage) {
      this.attempt = attempt;
      this.owner = owner;
      this.usage = usage;
    }

    @Override
    public Path directory() {
      return attempt.resolve("work");
    }

    @Override
    public Path backstage() {
      return attempt;
    }

    @Override
    public Path stdin() {
      return attempt.resolve("stdin");
    }

    @Override
    public Path usage() {
      return usage.path();
    }

    @Override
    public int readUsage(byte[] into) throws IOException {
      return usage.read(into);
    }

    @Override
    public OptionalInt owner() {
      return owner;
    }

    @Override
    public void furnish(Work.Shell work) throws InvalidWorkException, IOException {
      for (InlineFile file : work.files()) {
        write(this, file);
      }
      if (!work.workingDirectory().isEmpty()) {
        makeDirectories(this, SafePath.require("working_directory", work.workingDirectory()));
      }
      Files.write(stdin(), work.stdin());
      own(this, directory(), "rwx------");
    }

    @Override
    public CommandPlace place(String name) throws IOException {
      Path own = root.makeAttempt(attempt.getFileName() + "-" + name);
      Files.write(own.resolve("stdin"), new byte[0]);
      return new Place(own, attempt, owner, launcher);
    }

    @Override
    public void leave() {
      if (!removing.tryAcquire()) {
        return;
      }
      left = true;
      removals.execute(
          () -> {
            try {
              remove();
            } finally {
              removing.release();
            }
          });
    }

    @Override
    public void close() {
      if (!left) {
        remove();
      }
    }

    private void remove() {
      usage.close();
      DirectoryWorkspaces.this.remove(attempt, owner);
    }
  }
}
