package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.output.OptionFault;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "submit",
    sortOptions = false,
    description = "Hands in a command and returns its task's id at once; the task is durable then.")
final class SubmitCommand implements Callable<Integer> {
  private static final int CONTRACT_DEFAULT = -1;

  @Mixin final GlobalOptions global;
  @Mixin final SpecOptions spec = new SpecOptions();

  @Option(
      names = "--key",
      description = "idempotency key: the same key and command is the same task for 24 h")
  @Nullable String key;

  SubmitCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (key != null && key.isBlank()) {
      throw new OptionFault("--key", key, "any text that names this work");
    }
    String requestId = key == null ? UUID.randomUUID().toString() : key;
    ObjectNode wanted = spec.toSpec(global.context(), CONTRACT_DEFAULT);
    JsonNode task = global.ask(api -> api.submit(wanted, requestId));
    if (global.json()) {
      global.printJson(task);
    } else {
      global.print(new TaskView(task).id() + "\n");
    }
    return ExitCodes.OK;
  }
}
