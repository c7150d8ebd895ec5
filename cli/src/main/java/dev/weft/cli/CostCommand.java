package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.CostApi;
import dev.weft.cli.output.OptionFault;
import dev.weft.cli.output.Table;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "cost",
    description = {
      "Shows what work cost: each attempt's time on its worker times the worker's price when it was leased;",
      "and the tokens of models that its commands reported, at the models' prices of then (weft price).",
      "Without a range: the last 24 h; with a task: all of it."
    })
final class CostCommand implements Callable<Integer> {
  private static final String TASK = "task";
  private static final Set<String> GROUPS = Set.of(TASK, "tenant", "worker", "day", "class");

  @Mixin final GlobalOptions global;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "BY",
      description = "task, tenant (default), worker, day (UTC) or class")
  String by = "tenant";

  @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "this task alone")
  @Nullable String task;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "from then on: 2026-01-02T03:04:05Z, or so long ago: 24h")
  @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "up to then (default: now)")
  @Nullable String until;

  @Option(names = "--all-tenants", description = "every tenant's; needs mesh.admin")
  boolean allTenants;

  @Option(names = "--limit", paramLabel = "N", description = "at most so many lines (default: 100)")
  int limit = 100;

  private final InstantSource clock = InstantSource.system();

  private CostCommand(Context context) {
    global = new GlobalOptions(context);
  }

  static CommandLine line(Context context) {
    return new CommandLine(new CostCommand(context)).addSubcommand(new CostAgentsCommand(context));
  }

  @Override
  public Integer call() {
    Map<String, String> question = question();
    CostApi.Costs costs = global.ask(api -> new CostApi(api).list(question, limit));
    List<JsonNode> lines = costs.lines();
    if (global.json()) {
      global.printJson(costs.json());
    } else {
      global.print(
          table(lines).render()
              + CostText.unpriced(lines)
              + CostText.unpricedTokens(lines)
              + BudgetText.lines(costs.budgets()));
    }
    return ExitCodes.OK;
  }

  private Map<String, String> question() {
    if (!GROUPS.contains(by)) {
      throw new IllegalArgumentException(
          "cost by: " + by + " (expected: task, tenant, worker, day or class)");
    }
    if (task != null && !by.equals(TASK)) {
      throw new IllegalArgumentException(
          "cost by " + by + ": " + task + " (expected: a task's id only after task)");
    }
    if (limit < 1) {
      throw new OptionFault("--limit", Integer.toString(limit), "> 0");
    }
    Map<String, String> question = new LinkedHashMap<>();
    question.put("by", by);
    if (task != null) {
      question.put("taskId", task);
    }
    if (since != null) {
      question.put("since", TimeOption.parse("--since", since, clock).toString());
    }
    if (until != null) {
      question.put("until", TimeOption.parse("--until", until, clock).toString());
    }
    if (allTenants) {
      question.put("allTenants", "true");
    }
    return question;
  }

  private Table table(List<JsonNode> lines) {
    Table table =
        new Table(
            by.toUpperCase(Locale.ROOT),
            "TASKS",
            "ATTEMPTS",
            "RUN TIME",
            "COST",
            "OF TIME",
            "OF TOKENS",
            "UNPRICED",
            "TOKENS IN",
            "TOKENS OUT");
    for (JsonNode line : lines) {
      String name = line.path("name").asText("");
      table.row(
          name.isEmpty() ? line.path("key").asText("") : name,
          line.path("taskCount").asText("0"),
          line.path("attemptCount").asText("0"),
          line.path("runTime").asText("0s"),
          CostText.amount(line),
          CostText.part(line, "timeCost"),
          CostText.part(line, "tokenCost"),
          line.path("unpricedAttemptCount").asText("0"),
          line.path("inputTokens").asText("0"),
          line.path("outputTokens").asText("0"));
    }
    return table;
  }
}
