package dev.weft.cli;

import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.ColdStart;
import dev.weft.cli.client.UnreachableException;
import dev.weft.cli.local.MeshFailure;
import dev.weft.cli.local.ResidentStarter;
import dev.weft.cli.relay.Relay;
import dev.weft.cli.tree.ChangedWhilePackedException;
import dev.weft.cli.tree.TreeException;
import dev.weft.parts.PartsException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point. */
@Command(
    name = "weft",
    description =
        "An execution mesh: hands work to the best machine, runs it in a sandbox, survives a kill.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Also: weft test runs all tests (mvnw verify), weft bench measures.",
      "Environment: WEFT_URL, WEFT_GRPC_URL, WEFT_TOKEN or WEFT_TOKEN_FILE, WEFT_HOME.",
      "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no gateway answers, 4 not allowed, 5 not found,",
      "6 doctor found something missing; run passes on the command's own, and 124, 125, 127, 130."
    })
public final class Weft {
  /** It tells of all the others. */
  private static final String COMPLETION = "completion";

  private Weft() {}

  public static void main(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals("run")) {
      ColdStart.begin(); // The parser takes as long.
    }
    Context context = Context.ofProcess();
    int code = execute(context, arguments);
    leaveResident(context);
    System.exit(code);
  }

  private static void leaveResident(Context context) {
    try {
      ResidentStarter.leaveBehind(
          System.getProperty(Relay.RESIDENT, ""), context.environment(), context.err());
    } catch (IllegalArgumentException e) {
      context.err().println("weft: no resident process: " + e.getMessage());
    }
  }

  /** Runs one command line; answers the exit code. */
  public static int execute(Context context, String... arguments) {
    // Each command takes time to be made known to the parser: one that is named is enough.
    String named = arguments.length == 0 ? "" : arguments[0];
    Supplier<Object> one = named.equals(COMPLETION) ? null : commands(context).get(named);
    CommandLine line =
        one == null ? commandLine(context) : commandLine(context, Map.of(named, one));
    return line.execute(arguments);
  }

  /** The whole command line around one context. */
  static CommandLine commandLine(Context context) {
    return commandLine(context, commands(context));
  }

  /** By their names, in the order in which they are shown. */
  private static Map<String, Supplier<Object>> commands(Context context) {
    Map<String, Supplier<Object>> all = new LinkedHashMap<>();
    all.put("up", () -> new UpCommand(context));
    all.put("down", () -> new DownCommand(context));
    all.put("status", () -> new StatusCommand(context));
    all.put("doctor", () -> new DoctorCommand(context));
    all.put("demo", () -> new DemoCommand(context));
    all.put("run", () -> new RunCommand(context));
    all.put("submit", () -> new SubmitCommand(context));
    all.put("get", () -> new GetCommand(context));
    all.put("list", () -> new ListCommand(context));
    all.put("cancel", () -> new CancelCommand(context));
    all.put("agent", () -> AgentCommand.line(context));
    all.put("why", () -> new WhyCommand(context));
    all.put("whatif", () -> new WhatIfCommand(context));
    all.put("cost", () -> CostCommand.line(context));
    all.put("budget", () -> BudgetCommand.line(context));
    all.put("price", () -> PriceCommand.line(context));
    all.put("limits", () -> LimitsCommand.line(context));
    all.put("policy", () -> PolicyCommand.line(context));
    all.put("dead-letters", () -> DeadLettersCommand.line(context));
    all.put("workers", () -> new WorkersCommand(context));
    all.put("drain", () -> new DrainCommand(context));
    all.put("shards", () -> new ShardsCommand(context));
    all.put("pools", () -> PoolsCommand.line(context));
    all.put("logs", () -> new LogsCommand(context));
    all.put("artifacts", () -> ArtifactsCommand.line(context));
    all.put("secrets", () -> SecretsCommand.line(context));
    all.put("local", () -> new LocalCommand(context));
    all.put(COMPLETION, () -> new CompletionCommand(context));
    all.put("version", () -> new VersionCommand(context));
    return all;
  }

  private static CommandLine commandLine(
      Context context, Map<String, Supplier<Object>> subcommands) {
    CommandLine line = new CommandLine(new Weft());
    subcommands.forEach((name, command) -> line.addSubcommand(name, command.get()));
    line.getSubcommands().values().forEach(Weft::addStandards);
    line.registerConverter(Path.class, context::path);
    line.getCommandSpec().mixinStandardHelpOptions(true);
    line.getCommandSpec().versionProvider(() -> new String[] {"weft " + VersionCommand.version()});
    line.setOut(new PrintWriter(context.out(), true, context.out().charset()));
    line.setErr(new PrintWriter(context.err(), true, context.err().charset()));
    line.setParameterExceptionHandler(Weft::wrongUsage);
    line.setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
    return line;
  }

  private static void addStandards(CommandLine command) {
    // Whatever stands after the program's name belongs to the program.
    command.setStopAtPositional(
        command.getCommand() instanceof RunCommand
            || command.getCommand() instanceof SubmitCommand);
    command.getCommandSpec().mixinStandardHelpOptions(true);
    command.getCommandSpec().versionProvider(() -> new String[] {VersionCommand.version()});
    command.getSubcommands().values().forEach(Weft::addStandards);
  }

  private static int wrongUsage(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    command.getErr().println("weft: " + wrong(failure, command));
    command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCodes.USAGE;
  }

  private static @Nullable String wrong(ParameterException failure, CommandLine command) {
    Set<String> actions = command.getSubcommands().keySet();
    if (command.getParent() == null
        || actions.isEmpty()
        || command.getCommand() instanceof Callable<?>) {
      return failure.getMessage();
    }
    String known = "one of " + String.join(", ", actions);
    List<String> unmatched =
        failure instanceof UnmatchedArgumentException unknown ? unknown.getUnmatched() : List.of();
    return "%s: %s (expected: %s)"
        .formatted(
            command.getCommandName(),
            unmatched.isEmpty() ? "no action" : unmatched.getFirst(),
            known);
  }

  private static int failed(Exception failure, CommandLine command) throws Exception {
    int code =
        switch (failure) {
          case ApiException refused -> code(refused);
          case UnreachableException _ -> ExitCodes.UNREACHABLE;
          case CliException own -> own.exitCode();
          case PartsException _, MeshFailure _ -> ExitCodes.FAILED;
          case TreeException _, ChangedWhilePackedException _, UncheckedIOException _ ->
              ExitCodes.FAILED;
          case IllegalArgumentException _ -> ExitCodes.USAGE;
          default -> throw failure;
        };
    command.getErr().println("weft: " + told(failure));
    return code;
  }

  /** In one line, with the catalogue's reason if the mesh gave one. */
  static @Nullable String told(Exception failure) {
    return failure instanceof ApiException refused
        ? refused.reason() + ": " + refused.getMessage()
        : failure.getMessage();
  }

  private static int code(ApiException refused) {
    return switch (refused.status()) {
      case 401, 403 -> ExitCodes.UNAUTHORIZED;
      case 404 -> ExitCodes.NOT_FOUND;
      case 502, 503, 504 -> ExitCodes.UNREACHABLE;
      default -> ExitCodes.FAILED;
    };
  }
}
