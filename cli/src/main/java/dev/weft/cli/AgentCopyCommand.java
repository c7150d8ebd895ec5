package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.client.SessionFollower;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.OptionFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "cp",
    sortOptions = false,
    description = {
      "Copies files and directories into an agent's workspace, or one out of it, also while commands run",
      "there. AGENT:PATH is relative to the workspace. Into a directory that is there something goes under",
      "its own name; DIR/. is what is in it. A directory goes as --dir packs it: .gitignore and .weftignore",
      "say what stays. A sleeping agent is woken by it."
    })
final class AgentCopyCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(
      arity = "2..*",
      paramLabel = "PATH",
      description = "what, and last where to; - is standard input or output")
  List<String> paths = new ArrayList<>();

  @Option(
      names = {"-q", "--quiet"},
      description = "no progress")
  boolean quiet;

  AgentCopyCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    List<String> from = paths.subList(0, paths.size() - 1);
    Optional<RemotePath> to = RemotePath.of(paths.getLast());
    List<RemotePath> remote = from.stream().flatMap(path -> RemotePath.of(path).stream()).toList();
    if (to.isPresent() == !remote.isEmpty()
        || remote.size() > 1
        || (to.isEmpty() && from.size() > 1)) {
      throw new OptionFault(
          "paths", String.join(" ", paths), "LOCAL… AGENT:PATH, or AGENT:PATH LOCAL");
    }
    try (MeshApi mesh = global.api();
        RpcDoor door = global.door()) {
      AgentFiles files = new AgentFiles(global, door, quiet);
      if (to.isPresent()) {
        RemotePath target = from.size() > 1 ? to.get().asDirectory() : to.get();
        String id = id(target, mesh);
        for (String local : from) {
          put(files.send(local, target.path()), mesh, id, target);
        }
      } else {
        get(files, mesh, remote.getFirst());
      }
      return ExitCodes.OK;
    }
  }

  private void put(ObjectNode errand, MeshApi mesh, String id, RemotePath target) {
    JsonNode end = carryOut(errand, mesh, id);
    JsonNode placed = end.path("placed");
    tell(end, placed, "put in " + target);
  }

  private void get(AgentFiles files, MeshApi mesh, RemotePath source) {
    ObjectNode errand =
        MeshApi.JSON.createObjectNode().put("type", "get").put("path", source.path());
    JsonNode end = carryOut(errand, mesh, id(source, mesh));
    JsonNode fetched = end.path("fetched");
    files.receive(fetched, paths.getLast());
    String incomplete = GetCommand.problem(fetched.path("incomplete"));
    if (!incomplete.isEmpty()) {
      throw new CliException(ExitCodes.FAILED, "not all of it could be taken: " + incomplete);
    }
    if (!paths.getLast().equals("-")) {
      tell(end, fetched, "brought to " + paths.getLast());
    }
  }

  private void tell(JsonNode end, JsonNode amount, String what) {
    if (global.json()) {
      global.print(end + "\n");
    } else if (!quiet) {
      int count = amount.path("files").asInt();
      global
          .context()
          .err()
          .println(
              "weft: %d %s (%s) %s"
                  .formatted(
                      count,
                      count == 1 ? "file" : "files",
                      Amounts.size(amount.path("bytes").asLong()),
                      what));
    }
  }

  private JsonNode carryOut(ObjectNode errand, MeshApi mesh, String id) {
    errand.put("commandId", "cp-" + UUID.randomUUID());
    ErrandView view = new ErrandView(errand, new WakingLine(global.context().err()::println));
    new SessionFollower(mesh, id, false, "").follow(view);
    return view.end();
  }

  private static String id(RemotePath path, MeshApi mesh) {
    AgentName name = new AgentName();
    name.typed = path.agent();
    return name.id(mesh);
  }
}
