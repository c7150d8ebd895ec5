package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.PolicyApi;
import dev.weft.cli.output.OptionFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "set",
    description = {
      "Changes by what workers are chosen, at once and for all; what is not named stays as it is.",
      "Refused when somebody else changed it meanwhile. To go back to version 3: policy set --from 3"
    })
final class PolicySetCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      split = ",",
      description = "whose weights: P0..P6, comma-separated (default: all)")
  List<String> classes = new ArrayList<>();

  @Option(
      names = "--weights",
      paramLabel = "TERMS",
      description = "capability=0.4,load=0.3,latency=0.2,cost=0.1; the sum is 1")
  @Nullable String weights;

  @Option(
      names = "--algorithm",
      paramLabel = "RULE",
      description = "EXECUTOR=ALGORITHM or EXECUTOR/P0=ALGORITHM; may be repeated")
  List<String> algorithms = new ArrayList<>();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "start from this policy, as show -o json prints it; its version must be in force")
  @Nullable Path file;

  @Option(names = "--from", paramLabel = "N", description = "start from this version")
  int from;

  @Option(names = "--comment", paramLabel = "TEXT", description = "why; shown by history")
  String comment = "";

  PolicySetCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    check();
    JsonNode fromFile = file == null ? null : PolicyDraft.read(file);
    // What was typed is looked at before anything is asked.
    typed(PolicyDraft.empty());
    JsonNode made = global.ask(api -> set(new PolicyApi(api), fromFile));
    if (global.json()) {
      global.printJson(made);
    } else {
      global.print(PolicyText.title(made));
    }
    return ExitCodes.OK;
  }

  private JsonNode set(PolicyApi api, @Nullable JsonNode fromFile) {
    JsonNode inForce = api.inForce();
    JsonNode start = fromFile;
    if (start == null) {
      start = from == 0 ? inForce : api.version(from);
    }
    int followed = inForce.path("version").asInt();
    if (fromFile != null && fromFile.has("version")) {
      followed = fromFile.path("version").asInt();
    }
    ObjectNode request = typed(new PolicyDraft(start)).request();
    request
        .put("expectedVersion", followed)
        .put("comment", comment)
        .put("requestId", UUID.randomUUID().toString());
    return api.set(request);
  }

  private PolicyDraft typed(PolicyDraft draft) {
    if (weights != null) {
      draft.weigh(classes.isEmpty() ? PolicyDraft.CLASSES : classes, weights);
    }
    algorithms.forEach(draft::choose);
    return draft;
  }

  private void check() {
    if (weights == null && !classes.isEmpty()) {
      throw new OptionFault("--class", String.join(",", classes), "together with --weights");
    }
    if (weights == null && algorithms.isEmpty() && file == null && from == 0) {
      throw new IllegalArgumentException(
          "policy set: nothing (expected: --weights, --algorithm, --file or --from)");
    }
    if (file != null && from != 0) {
      throw new OptionFault("--from", Integer.toString(from), "not together with --file");
    }
    if (from < 0) {
      throw new OptionFault("--from", Integer.toString(from), "1 or more");
    }
  }
}
