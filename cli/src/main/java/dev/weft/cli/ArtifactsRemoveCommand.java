package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.RpcDoor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rm",
    description =
        "Deletes artifacts; bytes go when nothing else holds them. One that isn't there is fine.")
final class ArtifactsRemoveCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(arity = "1..*", paramLabel = "ARTIFACT", description = "art_…")
  List<String> ids = new ArrayList<>();

  ArtifactsRemoveCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    try (RpcDoor door = global.door()) {
      ArtifactApi api = new ArtifactApi(door);
      ids.forEach(api::delete);
    }
    if (global.json()) {
      ArrayNode deleted = MeshApi.JSON.createArrayNode();
      ids.forEach(deleted::add);
      global.printJson(MeshApi.JSON.createObjectNode().set("deleted", deleted));
    }
    return ExitCodes.OK;
  }
}
