package dev.weft.cli;

import com.google.protobuf.Duration;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.tree.PackProgress;
import dev.weft.cli.tree.TreeSender;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.UploadHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "put",
    description =
        "Stores a file, a directory or, with -, standard input; prints the artifact's id.")
final class ArtifactsPutCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "FILE", description = "a file, a directory (as a tree), or -")
  String file = "";

  @Option(names = "--name", description = "a free name; the newest artifact is found by it")
  @Nullable String name;

  @Option(names = "--type", paramLabel = "MEDIA_TYPE", description = "for example text/plain")
  @Nullable String type;

  @Option(names = "--ttl", paramLabel = "T", description = "how long it is kept (default: 24h)")
  @Nullable String ttl;

  @Option(
      names = {"-q", "--quiet"},
      description = "no progress")
  boolean quiet;

  ArtifactsPutCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    PackProgress progress = ProgressLine.of(global.context(), quiet, "sending");
    try (RpcDoor door = global.door()) {
      Artifact artifact =
          !file.equals("-") && Files.isDirectory(global.context().path(file))
              ? new TreeSender(door, global.cache(), progress)
                  .send(global.context().path(file))
                  .artifact()
              : send(new ArtifactApi(door), progress);
      if (global.json()) {
        global.printJson(ArtifactText.json(artifact));
      } else {
        global.print(artifact.getId() + "\n");
      }
      return ExitCodes.OK;
    }
  }

  private Artifact send(ArtifactApi api, PackProgress progress) {
    UploadHeader.Builder header = header();
    try (UploadSource source = source(header, progress)) {
      Artifact artifact = api.put(header.build(), source);
      if (!artifact.getDigest().equals(source.digest())) {
        api.delete(artifact.getId());
        throw new CliException(
            ExitCodes.FAILED, "other bytes arrived than were sent; deleted " + artifact.getId());
      }
      return artifact;
    } catch (IOException | UncheckedIOException e) {
      throw new CliException(ExitCodes.FAILED, "can't read " + file + ": " + e.getMessage());
    }
  }

  private UploadSource source(UploadHeader.Builder header, PackProgress progress)
      throws IOException {
    if (file.equals("-")) {
      return UploadSource.once(global.context().in(), progress);
    }
    Path path = global.context().path(file);
    header.setSizeBytes(Files.size(path));
    return UploadSource.repeatable(path, progress);
  }

  private UploadHeader.Builder header() {
    UploadHeader.Builder header = UploadHeader.newBuilder();
    if (name != null) {
      header.setName(name);
    }
    if (type != null) {
      header.setMediaType(type);
    }
    if (ttl != null) {
      header.setLifetime(
          Duration.newBuilder().setSeconds(Amounts.duration("--ttl", ttl).toSeconds()));
    }
    return header;
  }
}
