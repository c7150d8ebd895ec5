package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.OptionFault;
import dev.weft.cli.output.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "memory",
    description = {
      "What an agent remembers by key, over its sleep and in its forks: list, get KEY, set KEY VALUE, rm KEY.",
      "Its own programs find each value as the file $WEFT_MEMORY/KEY. A sleeping agent is woken by it."
    })
final class AgentMemoryCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  @Parameters(index = "1", paramLabel = "ACTION", description = "list, get, set or rm")
  String action = "";

  @Parameters(index = "2", arity = "0..1", paramLabel = "KEY", description = "for get, set and rm")
  @Nullable String key;

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "for set; - or none: standard input")
  @Nullable String value;

  AgentMemoryCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::use);
  }

  private int use(MeshApi mesh) {
    boolean list = action.equals("list");
    boolean set = action.equals("set");
    if (!list && !set && !action.equals("get") && !action.equals("rm")) {
      throw new OptionFault("action", action, "list, get, set or rm");
    }
    if (list != (key == null) || (value != null && !set)) {
      throw new OptionFault("action", action, "list, get KEY, set KEY VALUE or rm KEY");
    }
    AgentApi api = new AgentApi(mesh);
    String id = agent.id(mesh);
    String name = key == null ? "" : key;
    switch (action) {
      case "list" -> list(api.memory(id));
      case "get" -> get(api.memory(id, name));
      case "set" -> api.remember(id, name, value());
      default -> api.forget(id, name);
    }
    return ExitCodes.OK;
  }

  private void list(JsonNode entries) {
    if (global.json()) {
      global.printJson(entries);
      return;
    }
    Table table = new Table("KEY", "BYTES");
    entries.forEach(
        entry -> table.row(entry.path("key").asText(""), entry.path("sizeBytes").asInt()));
    global.print(table.render());
  }

  private void get(byte[] bytes) {
    global.context().out().writeBytes(bytes);
    global.context().out().flush();
  }

  private byte[] value() {
    if (value != null && !value.equals("-")) {
      return value.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return ByteString.readFrom(global.context().in()).toByteArray();
    } catch (IOException e) {
      throw new CliException(ExitCodes.FAILED, "can't read standard input: " + e.getMessage());
    }
  }
}
