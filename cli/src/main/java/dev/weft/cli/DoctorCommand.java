package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.local.Diagnosis;
import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.output.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = "Looks at what a local mesh needs here, and says how to get what is missing.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(names = "--fetch", description = "fetch into the cache now what can be fetched")
  boolean fetch;

  DoctorCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    Context context = global.context();
    Diagnosis diagnosis =
        new Diagnosis(context.root(), new HomeDirectory(global.home()), context.environment());
    List<Diagnosis.Finding> findings = diagnosis.examine(fetch);
    if (global.json()) {
      ArrayNode array = MeshApi.JSON.createArrayNode();
      findings.forEach(
          finding ->
              array
                  .addObject()
                  .put("what", finding.what())
                  .put("verdict", finding.verdict().name())
                  .put("detail", finding.detail()));
      global.printJson(array);
    } else {
      Table table = new Table("WHAT", "VERDICT", "DETAIL");
      findings.forEach(
          finding -> table.row(finding.what(), finding.verdict().name(), finding.detail()));
      global.print(table.render());
    }
    boolean missing =
        findings.stream().anyMatch(finding -> finding.verdict() == Diagnosis.Verdict.MISSING);
    return missing ? ExitCodes.MISSING : ExitCodes.OK;
  }
}
