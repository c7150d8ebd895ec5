package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SecretApi;
import dev.weft.cli.output.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists secrets, without their values.")
final class SecretsListCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  SecretsListCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    List<JsonNode> secrets = global.ask(api -> new SecretApi(api).list());
    if (global.json()) {
      ArrayNode all = MeshApi.JSON.createArrayNode();
      secrets.forEach(all::add);
      global.printJson(all);
      return ExitCodes.OK;
    }
    Table table = new Table("NAME", "VERSION", "CHANGED");
    for (JsonNode secret : secrets) {
      table.row(
          secret.path("name").asText(""),
          secret.path("version").asText(""),
          secret.path("updateTime").asText(""));
    }
    global.print(table.render());
    return ExitCodes.OK;
  }
}
