package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.tree.LeftAlone;
import dev.weft.cli.tree.TreeFetcher;
import dev.weft.cli.tree.TreeSender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The directory that goes with a command, and where what it changed comes back to. */
final class Workspace {
  private static final String GONE = "ARTIFACT_NOT_FOUND";
  private static final String OF_THE_COMMAND = "EXIT_NONZERO";

  @Mixin final PackedDirectory directory = new PackedDirectory();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "bring changed files to this directory; if it is the packed one, removed files go")
  @Nullable Path out;

  @Option(
      names = "--capture",
      description = "keep changed files in the mesh and say how to get them; --out implies it")
  boolean capture;

  private TreeSender.@Nullable Sent sent;

  /**
   * Looks at the directories before anything runs.
   *
   * @throws IllegalArgumentException if one of them can't be used
   */
  void check() {
    directory.check();
    if (out != null && Files.exists(out) && !Files.isDirectory(out)) {
      throw new IllegalArgumentException(
          "--out: " + out + " (expected: a directory, or a name that is not taken)");
    }
  }

  /** Packs and sends what is to go, and asks for what is to come. */
  void prepare(ObjectNode spec, GlobalOptions global, RpcDoor door, boolean quiet) {
    sent = directory.sendUnlessSent(spec, global, door, quiet).orElse(null);
    if (out != null || capture) {
      spec.put("workspaceCapture", "WORKSPACE_CAPTURE_CHANGES");
    }
  }

  /**
   * Forgets what was sent before, if that is what the task was refused for: then it is to be
   * prepared once more.
   */
  boolean forgetIfGone(ApiException refusal, GlobalOptions global) {
    TreeSender.Sent named = sent;
    if (named == null || !named.assumed() || !refusal.reason().equals(GONE)) {
      return false;
    }
    global.sentTrees().forget(named.tree());
    return true;
  }

  /** Brings back what changed; returns whether all of it is where it belongs. */
  boolean finish(TaskView task, GlobalOptions global, RpcDoor door, boolean quiet) {
    Context context = global.context();
    forgetIfUnusable(task, global);
    boolean complete = task.changesProblem().isEmpty();
    if (!complete) {
      context.err().println("weft: not all changes came back: " + task.changesProblem());
    }
    String artifact = task.changesArtifact();
    if (artifact.isEmpty()) {
      return complete;
    }
    if (out == null) {
      if (!quiet) {
        context.err().println("weft: changed files: weft artifacts get --unpack DIR " + artifact);
      }
      return complete;
    }
    TreeFetcher.Fetched fetched =
        new TreeFetcher(door, ProgressLine.of(context, quiet, "fetching"))
            .fetch(artifact, out, Optional.ofNullable(sent).map(TreeSender.Sent::tree));
    for (LeftAlone left : fetched.leftAlone()) {
      context
          .err()
          .println(
              "weft: %s (the task's: weft artifacts get --unpack DIR %s)"
                  .formatted(left.text(), artifact));
    }
    if (!quiet) {
      context
          .err()
          .println(
              "weft: %d written, %d removed in %s"
                  .formatted(fetched.written(), fetched.removed(), out));
    }
    return complete && fetched.leftAlone().isEmpty();
  }

  /** What a task may have failed for, as for a damaged file, is not named to the next one. */
  private void forgetIfUnusable(TaskView task, GlobalOptions global) {
    String reason = task.problemReason();
    if (sent != null && !reason.isEmpty() && !reason.equals(OF_THE_COMMAND)) {
      global.sentTrees().forget(sent.tree());
    }
  }
}
