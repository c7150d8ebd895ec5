package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.Table;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists artifacts, newest first.")
final class ArtifactsListCommand implements Callable<Integer> {
  private static final int PAGE = 1000;

  @Mixin final GlobalOptions global;

  @Option(names = "--name", description = "only those of exactly this name")
  String name = "";

  @Option(names = "--task", paramLabel = "TASK", description = "only those that this task made")
  String taskId = "";

  @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: 100)")
  int limit = 100;

  ArtifactsListCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit: " + limit + " (expected: > 0)");
    }
    try (RpcDoor door = global.door()) {
      List<Artifact> artifacts = fetch(new ArtifactApi(door));
      if (global.json()) {
        ArrayNode all = MeshApi.JSON.createArrayNode();
        artifacts.forEach(artifact -> all.add(ArtifactText.json(artifact)));
        global.printJson(all);
      } else {
        global.print(table(artifacts).render());
      }
      return ExitCodes.OK;
    }
  }

  /** A page may be short while there is a next one. */
  private List<Artifact> fetch(ArtifactApi api) {
    List<Artifact> all = new ArrayList<>();
    String pageToken = "";
    do {
      ListArtifactsResponse page =
          api.list(
              ListArtifactsRequest.newBuilder()
                  .setPageSize(Math.min(PAGE, limit - all.size()))
                  .setPageToken(pageToken)
                  .setName(name)
                  .setTaskId(taskId)
                  .build());
      all.addAll(page.getArtifactsList());
      pageToken = page.getNextPageToken();
    } while (!pageToken.isEmpty() && all.size() < limit);
    return all;
  }

  private static Table table(List<Artifact> artifacts) {
    Table table = new Table("ARTIFACT", "SIZE", "TYPE", "CREATED", "EXPIRES", "NAME");
    for (Artifact artifact : artifacts) {
      table.row(
          artifact.getId(),
          Amounts.size(artifact.getSizeBytes()),
          artifact.getMediaType(),
          ArtifactText.time(artifact.getCreateTime()),
          ArtifactText.time(artifact.getExpireTime()),
          artifact.getName());
    }
    return table;
  }
}
