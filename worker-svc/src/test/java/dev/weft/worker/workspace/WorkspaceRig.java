package dev.weft.worker.workspace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.Carrier.Load;
import dev.weft.worker.app.Carrier.Stowed;
import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.Halt;
import dev.weft.worker.app.MemoryMesh;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;

/** A workspace in a temporary directory, and a mesh in memory that it comes from and goes to. */
final class WorkspaceRig implements AutoCloseable {

  static final long MIB = 1L << 20;

  final Path data = temporary();
  final MemoryMesh mesh = MemoryMesh.nothing();
  final Halt halt = new Halt();
  final List<TreeEntry> entries = new ArrayList<>();
  WorkspaceCache cache = openCache(100 * MIB);
  private final List<Runnable> afterwards = new ArrayList<>();
  final SpareTrees spares =
      new SpareTrees(data, cache, new SpareTrees.Bounds(2, MIB, 100), afterwards::add);

  /** A large tree's turn. */
  final Semaphore large = new Semaphore(1, true);

  String tenant = "acme";
  OptionalInt owner = OptionalInt.empty();
  private int attempts;

  private static Path temporary() {
    try {
      return Files.createTempDirectory("weft-workspace");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  WorkspaceCache openCache(long bytes) {
    try {
      return WorkspaceCache.open(
          data.resolve("cache"), new WorkspaceCache.CacheBounds(bytes, 1_000_000));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static TreePath path(String name) {
    try {
      return TreePath.of(name.getBytes(ISO_8859_1));
    } catch (TreeException e) {
      throw new AssertionError(e);
    }
  }

  WorkspaceRig file(String name, String content) {
    return file(name, content, 0644);
  }

  WorkspaceRig file(String name, String content, int mode) {
    byte[] bytes = content.getBytes(ISO_8859_1);
    entries.add(
        new TreeEntry.Regular(
            path(name), mode, bytes.length, mesh.blob(bytes), 1_600_000_000_123_456_789L));
    return this;
  }

  WorkspaceRig directory(String name) {
    entries.add(new TreeEntry.Directory(path(name), 0755, 1_500_000_000_000_000_000L));
    return this;
  }

  WorkspaceRig link(String name, String target) {
    entries.add(new TreeEntry.Link(path(name), target.getBytes(ISO_8859_1)));
    return this;
  }

  Place open() throws Exception {
    return open(100 * MIB);
  }

  Place open(long mostBytes) throws Exception {
    Place place = new Place(data.resolve("attempt-" + ++attempts), owner);
    mesh.trees.put("art_in", new Tree(entries, List.of()));
    AttemptKey key = new AttemptKey("tsk_a", attempts, attempts);
    Load load = new Load(new Errand(key, halt, ""), tenant, "art_in", true, mostBytes);
    place.stowed = carrier().bring(load, place);
    place.stowed.settle();
    return place;
  }

  TreeCarrier carrier() {
    return new TreeCarrier(mesh, cache, spares, InstantSource.system(), new LargeTrees(large));
  }

  /** Ends an attempt, and does what is then left for later. */
  void end(Place place) throws Exception {
    place.stowed.take();
    List<Runnable> due = List.copyOf(afterwards);
    afterwards.clear();
    due.forEach(Runnable::run);
  }

  /** By the system's tools, which are quicker with many files and with those that are shut. */
  @Override
  public void close() throws IOException, InterruptedException {
    new ProcessBuilder("chmod", "-R", "u+rwX", data.toString()).start().waitFor();
    new ProcessBuilder("rm", "-rf", data.toString()).start().waitFor();
  }

  /** One attempt's place. */
  static final class Place implements Workspace {

    private final Path attempt;
    private final OptionalInt owner;
    Stowed stowed;

    Place(Path attempt) throws IOException {
      this(attempt, OptionalInt.empty());
    }

    @SuppressWarnings("NullAway.Init") // the rig fills it at once
    Place(Path attempt, OptionalInt owner) throws IOException {
      this.attempt = attempt;
      this.owner = owner;
      Files.createDirectories(attempt.resolve("work"));
    }

    @Override
    public Path directory() {
      return attempt.resolve("work");
    }

    Path file(String name) {
      return directory().resolve(name);
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
      return attempt.resolve("usage");
    }

    @Override
    public int readUsage(byte[] into) {
      return 0;
    }

    @Override
    public OptionalInt owner() {
      return owner;
    }

    @Override
    public void furnish(Work.Shell work) {}

    @Override
    public CommandPlace place(String name) {
      throw new UnsupportedOperationException("nothing runs here");
    }

    @Override
    public void close() {}
  }
}
