package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.tree.PackedTree;
import dev.weft.cli.tree.TreeSender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The directory that becomes a workspace. */
final class PackedDirectory {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = {
        "pack this directory and run in it; .gitignore and .weftignore (which wins) say what stays here"
      })
  @Nullable Path directory;

  /**
   * Looks at it before anything runs.
   *
   * @throws IllegalArgumentException if it can't be used
   */
  void check() {
    if (directory != null && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException("--dir: " + directory + " (expected: a directory)");
    }
  }

  /** Packs and sends it, and names it in the spec; nothing if none was asked for. */
  void send(ObjectNode spec, GlobalOptions global, RpcDoor door, boolean quiet) {
    named(spec, global, door, quiet, TreeSender::send);
  }

  /** The same, but what was sent not long ago is assumed to be still there. */
  Optional<TreeSender.Sent> sendUnlessSent(
      ObjectNode spec, GlobalOptions global, RpcDoor door, boolean quiet) {
    return named(
        spec,
        global,
        door,
        quiet,
        (sender, packed) -> sender.sendUnlessSent(packed, global.sentTrees()));
  }

  private Optional<TreeSender.Sent> named(
      ObjectNode spec,
      GlobalOptions global,
      RpcDoor door,
      boolean quiet,
      BiFunction<TreeSender, Path, TreeSender.Sent> sending) {
    if (directory == null) {
      return Optional.empty();
    }
    long begun = System.nanoTime();
    Context context = global.context();
    TreeSender sender =
        new TreeSender(door, global.cache(), ProgressLine.of(context, quiet, "sending"));
    TreeSender.Sent sent = sending.apply(sender, directory);
    spec.put("workspaceArtifact", sent.artifact().getId());
    if (!quiet) {
      tell(context, sent, Duration.ofNanos(System.nanoTime() - begun));
    }
    return Optional.of(sent);
  }

  private static void tell(Context context, TreeSender.Sent sent, Duration took) {
    PackedTree tree = sent.tree();
    context
        .err()
        .println(
            "weft: %d files (%s) packed, %d (%s) sent, %d ms"
                .formatted(
                    tree.fileCount(),
                    Amounts.size(tree.bytes()),
                    sent.sentFiles(),
                    Amounts.size(sent.sentBytes()),
                    took.toMillis()));
    tree.leftOut()
        .forEach(
            name ->
                context.err().println("weft: left out, neither file, directory nor link: " + name));
  }
}
