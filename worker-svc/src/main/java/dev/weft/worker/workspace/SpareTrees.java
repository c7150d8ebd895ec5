package dev.weft.worker.workspace;

import dev.weft.worker.app.Halt;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/**
 * Trees that come again and again, each laid out once more after an attempt that began with it, so
 * that the next one finds its files there and waits for what differs only. A tenant's are for its
 * own attempts alone. Safe for threads.
 */
public final class SpareTrees implements AutoCloseable {

  static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Logger LOG = Logger.getLogger(SpareTrees.class);

  private final Path directory;
  private final WorkspaceCache cache;
  private final Bounds bounds;
  private final Later later;
  private final Halt halt = new Halt();
  private final Deque<Seen> seen = new ArrayDeque<>();
  private final Deque<SpareTree> ready = new ArrayDeque<>();
  private int coming;
  private long count;

  /**
   * What lies ready at most.
   *
   * @param spares 0 for none
   * @param bytes of one
   * @param entries of one
   */
  public record Bounds(int spares, long bytes, int entries) {
    public Bounds {
      if (spares < 0) {
        throw new IllegalArgumentException("spares: " + spares + " (expected: 0 or more)");
      }
    }
  }

  /** Runs something on a thread that may block, once what the attempt still has to say is said. */
  @FunctionalInterface
  public interface Later {
    void run(Runnable action);
  }

  private record Seen(String tenant, Likeness content) {}

  /**
   * @param directory on the file system of the attempts, the worker's own, removed with them
   */
  public SpareTrees(Path directory, WorkspaceCache cache, Bounds bounds, Later later) {
    this.directory = directory;
    this.cache = cache;
    this.bounds = bounds;
    this.later = later;
  }

  /** One that the tree can be made of; the caller closes it. */
  synchronized Optional<SpareTree> take(String tenant, Tree tree) {
    for (Iterator<SpareTree> each = ready.iterator(); each.hasNext(); ) {
      SpareTree spare = each.next();
      if (spare.fits(tenant, tree)) {
        each.remove();
        return Optional.of(spare);
      }
    }
    return Optional.empty();
  }

  /**
   * Remembers that an attempt begins with the tree.
   *
   * @return what is to be done at the attempt's end: nothing, unless such a tree has come before
   */
  synchronized Runnable begun(String tenant, Tree tree) {
    if (bounds.spares() == 0 || tree.entries().isEmpty() || !isSmall(tree)) {
      return () -> {};
    }
    boolean again = seen.removeIf(one -> one.tenant().equals(tenant) && one.content().isOf(tree));
    seen.addLast(new Seen(tenant, new Likeness(tree)));
    if (seen.size() > bounds.spares()) {
      seen.removeFirst();
    }
    return again ? () -> refill(tenant, tree) : () -> {};
  }

  private boolean isSmall(Tree tree) {
    if (tree.size() > bounds.entries()) {
      return false;
    }
    long bytes = 0;
    for (TreeEntry.Regular file : tree.files()) {
      bytes += file.size();
    }
    return bytes <= bounds.bytes();
  }

  private void refill(String tenant, Tree tree) {
    synchronized (this) {
      boolean there = ready.stream().anyMatch(spare -> spare.fits(tenant, tree));
      if (there || coming >= bounds.spares() || halt.reason().isPresent()) {
        return;
      }
      coming++;
    }
    try {
      later.run(() -> prepare(tenant, tree));
    } catch (RejectedExecutionException e) {
      // The worker ends.
      keep(Optional.empty());
    }
  }

  private void prepare(String tenant, Tree tree) {
    Optional<SpareTree> made = Optional.empty();
    try (CacheHold blobs = cache.hold(tenant)) {
      if (blobs.lacking(TreeCarrier.digests(tree)).isEmpty()) {
        made = Optional.of(SpareTree.lay(tenant, tree, nextPlace(), blobs, halt));
      }
    } catch (IOException e) {
      LOG.warnf("no spare workspace is laid out: tenant=%s error=%s", tenant, e);
    } catch (HaltedException e) {
      LOG.debug("a spare workspace is not wanted any more");
    } finally {
      keep(made).forEach(SpareTree::close);
    }
  }

  private synchronized Path nextPlace() {
    return directory.resolve("spare-" + ++count);
  }

  /** Answers what has to go for it. */
  private synchronized List<SpareTree> keep(Optional<SpareTree> made) {
    coming--;
    made.ifPresent(ready::addLast);
    int most = halt.reason().isPresent() ? 0 : bounds.spares();
    List<SpareTree> over = new ArrayList<>();
    while (ready.size() > most) {
      over.add(ready.removeFirst());
    }
    return over;
  }

  /** How many lie ready. */
  synchronized int ready() {
    return ready.size();
  }

  /** Lays out nothing more; the directory is removed by its owner. */
  @Override
  public void close() {
    halt.end(EndReason.CANCELLED);
  }
}
