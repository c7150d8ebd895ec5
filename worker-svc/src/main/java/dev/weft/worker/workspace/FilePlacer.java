package dev.weft.worker.workspace;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.CommandOutcome.Placed;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.ErrnoException;
import dev.weft.worker.linux.FileHandle;
import dev.weft.worker.linux.FileStat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Puts files into a workspace in which others write. Each is made whole beside the workspace, where
 * nobody else comes, and then takes its name in a directory that was opened as a real one on every
 * step of the way: nothing is followed, and nobody sees half a file. One thread.
 */
final class FilePlacer implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(FilePlacer.class);
  private static final byte[] NEXT = "next".getBytes(StandardCharsets.US_ASCII);

  /** Its owner must be able to put things into a directory that is made for that. */
  private static final int OWNER_USES = 0700;

  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0644;

  private final Path staging;
  private final DirHandle stage;
  private final DirHandle root;
  private final OptionalInt owner;
  private final BooleanSupplier over;

  /**
   * @param over whether to stop
   */
  FilePlacer(Workspace workspace, BooleanSupplier over) throws IOException {
    this.owner = workspace.owner();
    this.over = over;
    this.staging =
        Files.createTempDirectory(
            workspace.backstage(),
            "put",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.stage = DirHandle.open(staging);
    this.root = DirHandle.open(workspace.directory());
  }

  /** Whether a real directory is there. */
  boolean isDirectory(List<byte[]> path) throws IOException {
    try (DirHandle found = root.descend(path)) {
      return found.stat().kind() == FileStat.Kind.DIRECTORY;
    } catch (ErrnoException e) {
      if (e.moved()) {
        return false;
      }
      throw e;
    }
  }

  /** Puts all of a tree into a directory, which is made if it is not there. */
  Placed place(Tree tree, List<byte[]> directory, CacheHold blobs)
      throws CarryException, HaltedException, IOException {
    int files = 0;
    long bytes = 0;
    enter(directory).close();
    for (TreeEntry entry : tree.entries()) {
      List<byte[]> path = new ArrayList<>(directory);
      path.addAll(entry.path().names());
      place(entry, path, blobs);
      if (entry instanceof TreeEntry.Regular file) {
        files++;
        bytes += file.size();
      }
    }
    return new Placed(files, bytes);
  }

  /** Puts one file into a directory, which is made if it is not there. */
  Placed place(TreeEntry.Regular file, List<byte[]> directory, byte[] name, CacheHold blobs)
      throws CarryException, HaltedException, IOException {
    enter(directory).close();
    List<byte[]> path = new ArrayList<>(directory);
    path.add(name);
    place(file, path, blobs);
    return new Placed(1, file.size());
  }

  /** Puts a small file into a directory, which is made if it is not there. */
  void place(byte[] content, List<byte[]> directory, byte[] name)
      throws CarryException, IOException {
    enter(directory).close();
    List<byte[]> path = new ArrayList<>(directory);
    path.add(name);
    try (DirHandle in = root.descend(directory)) {
      try (FileHandle to = stage.create(NEXT);
          Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocate(Math.max(1, content.length));
        MemorySegment.copy(content, 0, bytes, ValueLayout.JAVA_BYTE, 0, content.length);
        to.write(bytes.asSlice(0, content.length));
      }
      own();
      stage.mode(NEXT, FILE_MODE);
      stage.rename(NEXT, in, name);
    } catch (ErrnoException e) {
      throw blocked(path, e);
    }
  }

  private void place(TreeEntry entry, List<byte[]> path, CacheHold blobs)
      throws CarryException, IOException {
    if (over.getAsBoolean()) {
      throw new CarryException(
          FailureReason.COMMAND_INTERRUPTED, "ended because the agent's body ends");
    }
    byte[] name = path.getLast();
    try (DirHandle in = root.descend(path.subList(0, path.size() - 1))) {
      switch (entry) {
        case TreeEntry.Directory directory -> makeDirectory(in, name, directory.mode());
        case TreeEntry.Regular file -> {
          copy(file, blobs);
          stage.mode(NEXT, file.mode());
          stage.modified(NEXT, file.modifiedNanos());
          stage.rename(NEXT, in, name);
        }
        case TreeEntry.Link link -> {
          stage.link(NEXT, link.target());
          own();
          stage.rename(NEXT, in, name);
        }
      }
    } catch (ErrnoException e) {
      throw blocked(path, e);
    }
  }

  /** What an agent has made of its own directories is no fault of the worker. */
  private static CarryException blocked(List<byte[]> path, ErrnoException e) throws IOException {
    if (e.diskFull()) {
      throw e;
    }
    return new CarryException(
        new Failure(
            FailureReason.WORKSPACE_INVALID,
            "%s: %s (expected: directories all the way, and none where a file goes)"
                .formatted(LivePaths.shown(path), e.getMessage())));
  }

  private void copy(TreeEntry.Regular file, CacheHold blobs) throws IOException {
    try (FileHandle to = stage.create(NEXT);
        FileHandle from = blobs.read(file.digest())) {
      long copied = to.copyFrom(from);
      if (copied != file.size()) {
        throw new IOException(
            "size of %s: %d (expected: %d)".formatted(file.path(), copied, file.size()));
      }
    }
    own();
  }

  private void own() throws IOException {
    if (owner.isPresent()) {
      stage.owner(NEXT, owner.getAsInt());
    }
  }

  /** Opens a directory of the workspace; makes what is missing on the way to it. */
  private DirHandle enter(List<byte[]> names) throws CarryException, IOException {
    DirHandle at = root.descend(List.of());
    try {
      for (byte[] name : names) {
        makeDirectory(at, name, DIRECTORY_MODE);
        DirHandle below = at.child(name);
        at.close();
        at = below;
      }
      return at;
    } catch (ErrnoException e) {
      at.close();
      throw blocked(names, e);
    }
  }

  /** One that is there stays as it is. */
  private void makeDirectory(DirHandle in, byte[] name, int mode) throws IOException {
    try {
      in.child(name).close();
      return;
    } catch (ErrnoException e) {
      if (!e.notThere()) {
        throw e;
      }
    }
    stage.makeDirectory(NEXT, OWNER_USES);
    own();
    stage.mode(NEXT, mode | OWNER_USES);
    stage.rename(NEXT, in, name);
  }

  @Override
  public void close() {
    root.close();
    stage.close();
    try (DirectoryStream<Path> left = Files.newDirectoryStream(staging)) {
      for (Path each : left) {
        Files.delete(each);
      }
    } catch (IOException e) {
      LOG.debugf(e, "goes with the workspace: directory=%s", staging);
      return;
    }
    try {
      Files.delete(staging);
    } catch (IOException e) {
      LOG.debugf(e, "goes with the workspace: directory=%s", staging);
    }
  }
}
