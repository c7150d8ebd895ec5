package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SessionFollower;
import dev.weft.cli.client.UnreachableException;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.OptionFault;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "exec",
    sortOptions = false,
    description = {
      "Runs a command in an agent, waking it if it sleeps; prints its output as it comes and ends with its",
      "exit code. Ctrl-C interrupts the command; a second one leaves it running.",
      "Of weft's own: 125 interrupted or no result, 130 left."
    })
final class AgentExecCommand implements Callable<Integer> {
  private static final Pattern COMMAND_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  @Option(
      names = "--id",
      paramLabel = "CMD",
      description = "what the command is called: the same again runs nothing and shows its end")
  @Nullable String commandId;

  @Option(names = "--timeout", paramLabel = "T", description = "it is ended after so long")
  @Nullable String timeout;

  @Option(names = "--in", paramLabel = "DIR", description = "runs there, relative to the workspace")
  @Nullable String directory;

  @Option(names = "--shell", description = "give the one argument to /bin/sh -c")
  boolean shell;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "ARGV",
      description = "program and arguments, after --; nothing interprets them")
  List<String> argv = new ArrayList<>();

  AgentExecCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    ObjectNode command = command();
    String id = command.path("commandId").asText();
    try (MeshApi mesh = global.api()) {
      String agentId = agent.id(mesh);
      SessionFollower session = new SessionFollower(mesh, agentId, false, "");
      ExecView view =
          new ExecView(global, command, new WakingLine(global.context().err()::println));
      ExecSignals.listen(session, id, global.context());
      SessionFollower.End end = session.follow(view);
      return view.exitCode(end);
    } catch (ApiException | UnreachableException e) {
      global.context().err().println("weft: " + Weft.told(e));
      return ExitCodes.RUN_BROKEN;
    } catch (TerminalSink.ReaderGone e) {
      global.context().err().println("weft: nobody reads its output any more: left " + id);
      return ExitCodes.RUN_BROKEN;
    }
  }

  private ObjectNode command() {
    String id = commandId == null ? "cli-" + UUID.randomUUID() : commandId;
    if (!COMMAND_ID.matcher(id).matches()) {
      throw new OptionFault("--id", id, "1 to 64 of A-Z a-z 0-9 _ -");
    }
    ObjectNode command =
        MeshApi.JSON.createObjectNode().put("type", "command").put("commandId", id);
    if (shell) {
      if (argv.size() != 1) {
        throw new IllegalArgumentException(
            "--shell: " + argv.size() + " arguments (expected: exactly one, the script)");
      }
      command.put("line", argv.getFirst());
    } else {
      ArrayNode words = command.putArray("argv");
      argv.forEach(words::add);
    }
    if (directory != null) {
      command.put("workingDirectory", directory);
    }
    if (timeout != null) {
      command.put("timeout", Amounts.protoJson(Amounts.duration("--timeout", timeout)));
    }
    return command;
  }
}
