package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.tree.PackProgress;
import dev.weft.cli.tree.TreeFetcher;
import dev.weft.cli.tree.TreeSender;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.UploadHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files on their way to an agent and from it: as artifacts. */
final class AgentFiles {
  private final GlobalOptions global;
  private final RpcDoor door;
  private final boolean quiet;

  AgentFiles(GlobalOptions global, RpcDoor door, boolean quiet) {
    this.global = global;
    this.door = door;
    this.quiet = quiet;
  }

  /**
   * Sends a file or a directory.
   *
   * @param local - is standard input
   * @return what puts it at the path in the workspace, yet without an id
   */
  ObjectNode send(String local, String path) {
    ObjectNode errand = MeshApi.JSON.createObjectNode().put("type", "put").put("path", path);
    if (local.equals("-")) {
      return errand.put("artifactId", upload(UploadSource.once(global.context().in(), sending())));
    }
    Path file = global.context().path(local);
    if (Files.isDirectory(file)) {
      errand.put(
          "artifactId",
          new TreeSender(door, global.cache(), sending()).send(file).artifact().getId());
      return local.equals(".") || local.endsWith("/.") ? errand : errand.put("name", name(file));
    }
    try {
      return errand
          .put("artifactId", upload(UploadSource.repeatable(file, sending())))
          .put("name", name(file))
          .put("executable", Files.isExecutable(file));
    } catch (IOException e) {
      throw new CliException(ExitCodes.FAILED, "can't read " + local + ": " + e.getMessage());
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.toAbsolutePath().normalize().getFileName());
  }

  private String upload(UploadSource from) {
    try (UploadSource source = from) {
      return new ArtifactApi(door).put(UploadHeader.getDefaultInstance(), source).getId();
    } catch (IOException | UncheckedIOException e) {
      throw new CliException(ExitCodes.FAILED, "can't read: " + e.getMessage());
    }
  }

  private PackProgress sending() {
    return ProgressLine.of(global.context(), quiet, "sending");
  }

  /**
   * Brings what an agent has stored here.
   *
   * @param fetched of the errand's end
   * @param local where to; - is standard output
   */
  void receive(JsonNode fetched, String local) {
    String artifact = fetched.path("artifactId").asText("");
    boolean tree = fetched.path("tree").asBoolean();
    PackProgress progress = ProgressLine.of(global.context(), quiet, "fetching");
    ArtifactApi api = new ArtifactApi(door);
    if (local.equals("-")) {
      if (tree) {
        throw new CliException(ExitCodes.FAILED, "-: a directory (expected: one file)");
      }
      StreamDownload.fetch(api, artifact, global.context().out(), progress);
      return;
    }
    Path target = target(local, fetched.path("name").asText(""));
    if (tree) {
      TreeFetcher.Fetched brought =
          new TreeFetcher(door, progress).fetch(artifact, target, Optional.empty());
      brought.leftAlone().forEach(left -> global.context().err().println("weft: " + left.text()));
      if (!brought.leftAlone().isEmpty()) {
        throw new CliException(ExitCodes.FAILED, "not all of it could be written to " + target);
      }
      return;
    }
    Artifact known = api.get(artifact);
    FileDownload.fetch(api, known, target, progress);
    if (fetched.path("executable").asBoolean() && !target.toFile().setExecutable(true)) {
      throw new CliException(ExitCodes.FAILED, "can't make executable: " + target);
    }
  }

  /** As with cp: into a directory that is there it goes under its own name. */
  private Path target(String local, String name) {
    Path target = global.context().path(local);
    if (name.isEmpty() || !Files.isDirectory(target)) {
      return target;
    }
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw new CliException(ExitCodes.FAILED, "the agent calls it " + name + ", which is no name");
    }
    return target.resolve(name);
  }
}
