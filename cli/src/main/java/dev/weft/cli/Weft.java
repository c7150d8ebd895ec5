package dev.weft.cli;

import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.UnreachableException;
import dev.weft.cli.local.MeshFailure;
import dev.weft.cli.tree.ChangedWhilePackedException;
import dev.weft.cli.tree.TreeException;
import dev.weft.parts.PartsException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

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
  private Weft() {}

  public static void main(String[] arguments) {
    System.exit(commandLine(Context.ofProcess()).execute(arguments));
  }

  /** Runs one command line without a process of its own; answers the exit code. */
  public static int execute(Context context, String... arguments) {
    return commandLine(context).execute(arguments);
  }

  /** The whole command line around one context. */
  static CommandLine commandLine(Context context) {
    CommandLine line = new CommandLine(new Weft());
    List.of(
            new UpCommand(context),
            new DownCommand(context),
            new StatusCommand(context),
            new DoctorCommand(context),
            new DemoCommand(context),
            new RunCommand(context),
            new SubmitCommand(context),
            new GetCommand(context),
            new ListCommand(context),
            new CancelCommand(context),
            new WhyCommand(context),
            new WorkersCommand(context),
            new DrainCommand(context),
            PoolsCommand.line(context),
            new LogsCommand(context),
            ArtifactsCommand.line(context),
            SecretsCommand.line(context),
            new LocalCommand(context),
            new CompletionCommand(context),
            new VersionCommand(context))
        .forEach(line::addSubcommand);
    line.getSubcommands().values().forEach(Weft::addStandards);
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
    command.getErr().println("weft: " + failure.getMessage());
    command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCodes.USAGE;
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
    String reason = failure instanceof ApiException refused ? refused.reason() + ": " : "";
    command.getErr().println("weft: " + reason + failure.getMessage());
    return code;
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
