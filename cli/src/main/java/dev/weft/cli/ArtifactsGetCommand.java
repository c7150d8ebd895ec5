package dev.weft.cli;

import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.tree.PackProgress;
import dev.weft.cli.tree.TreeFetcher;
import dev.weft.proto.artifacts.v1.Artifact;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = {
      "Fetches an artifact to standard output or a file, verified by its digest; a broken download goes on",
      "where it was, also the next time. --unpack brings a tree of files into a directory."
    })
final class ArtifactsGetCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(index = "0", paramLabel = "ARTIFACT", description = "art_… or a name (the newest)")
  String artifact = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "else standard output")
  @Nullable Path file;

  @Option(names = "--unpack", paramLabel = "DIR", description = "bring a tree into this directory")
  @Nullable Path unpack;

  @Option(names = "--info", description = "print what it is, not its bytes")
  boolean info;

  @Option(
      names = {"-q", "--quiet"},
      description = "no progress")
  boolean quiet;

  ArtifactsGetCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    PackProgress progress = ProgressLine.of(global.context(), quiet, "fetching");
    try (RpcDoor door = global.door()) {
      ArtifactApi api = new ArtifactApi(door);
      Path target = file;
      Path folder = unpack;
      if (info) {
        print(api.get(artifact));
      } else if (folder != null) {
        TreeFetcher.Fetched fetched =
            new TreeFetcher(door, progress).fetch(artifact, folder, Optional.empty());
        PrintStream err = global.context().err();
        fetched.leftAlone().forEach(left -> err.println("weft: " + left.text()));
        err.println("weft: " + fetched.written() + " written in " + folder);
        return fetched.leftAlone().isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
      } else if (target != null) {
        Artifact fetched = FileDownload.fetch(api, api.get(artifact), target, progress);
        if (global.json()) {
          global.printJson(ArtifactText.json(fetched));
        }
      } else {
        StreamDownload.fetch(api, artifact, global.context().out(), progress);
      }
      return ExitCodes.OK;
    }
  }

  private void print(Artifact known) {
    if (global.json()) {
      global.printJson(ArtifactText.json(known));
    } else {
      global.print(
          "id       %s%nname     %s%ndigest   sha256:%s%nsize     %d%ntype     %s%ncreated  %s%nexpires  %s%ntask     %s%n"
              .formatted(
                  known.getId(),
                  known.getName(),
                  ArtifactText.hex(known.getDigest()),
                  known.getSizeBytes(),
                  known.getMediaType(),
                  ArtifactText.time(known.getCreateTime()),
                  ArtifactText.time(known.getExpireTime()),
                  known.getTaskId()));
    }
  }
}
