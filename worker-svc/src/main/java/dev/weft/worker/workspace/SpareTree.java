package dev.weft.worker.workspace;

import dev.weft.worker.app.Halt;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.linux.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/**
 * A tree that lies ready in a directory of the worker's own, which nobody else was ever in. It
 * becomes one attempt's workspace, once, or goes.
 */
final class SpareTree implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(SpareTree.class);

  private final String tenant;
  private final Likeness content;
  private final Path place;

  private SpareTree(String tenant, Likeness content, Path place) {
    this.tenant = tenant;
    this.content = content;
    this.place = place;
  }

  /**
   * Lays a tree out.
   *
   * @param place that is not there yet
   * @param blobs with all of the tree's
   */
  static SpareTree lay(String tenant, Tree tree, Path place, CacheHold blobs, Halt halt)
      throws IOException, HaltedException {
    Files.createDirectory(place, SpareTrees.PRIVATE);
    SpareTree spare = new SpareTree(tenant, new Likeness(tree), place);
    try {
      Path work = Files.createDirectory(spare.work(), SpareTrees.PRIVATE);
      try (TreeWriter writer = new TreeWriter(work, OptionalInt.empty(), blobs)) {
        writer.lay(tree, halt);
      }
      return spare;
    } catch (IOException | HaltedException | RuntimeException e) {
      spare.close();
      throw e;
    }
  }

  boolean fits(String wantedTenant, Tree wanted) {
    return tenant.equals(wantedTenant) && content.isOf(wanted);
  }

  /**
   * Gives it to an attempt that has nothing yet.
   *
   * @return whether it could; else the workspace is empty as before
   */
  boolean become(Workspace workspace, Tree tree, CacheHold blobs, Halt halt)
      throws IOException, HaltedException {
    try {
      Files.move(work(), workspace.directory(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.debugf("a spare workspace can't be used: directory=%s error=%s", place, e);
      return false;
    }
    try (TreeWriter writer = new TreeWriter(workspace, blobs)) {
      writer.become(tree, content, halt);
    }
    return true;
  }

  private Path work() {
    return place.resolve("work");
  }

  /** Removes what is left of it. */
  @Override
  public void close() {
    try {
      TreeRemoval.remove(place);
    } catch (IOException e) {
      LOG.warnf("a spare workspace stays until the next start: directory=%s error=%s", place, e);
    }
  }
}
