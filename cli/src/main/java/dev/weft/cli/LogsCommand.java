package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.OutputFollower;
import dev.weft.cli.client.OutputSink;
import dev.weft.cli.client.RpcDoor;
import dev.weft.proto.artifacts.v1.OutputGap;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description =
        "Prints a task's output, stdout and stderr apart; with -f until the task has ended.")
final class LogsCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(
      names = {"-f", "--follow"},
      description = "go on until the task has ended")
  boolean follow;

  @Option(
      names = "--stream",
      paramLabel = "WHICH",
      description = "stdout, stderr or both (default)")
  String stream = "both";

  @Option(
      names = {"-q", "--quiet"},
      description = "don't say where another attempt begins")
  boolean quiet;

  @Parameters(paramLabel = "TASK", description = "tsk_…")
  String taskId = "";

  LogsCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    TaskIds.require(taskId);
    TerminalSink.Streams streams = streams();
    OutputSink sink =
        global.json() ? new JsonSink(streams) : new TerminalSink(global.context(), streams, quiet);
    try (RpcDoor door = global.door()) {
      new OutputFollower(door, taskId, sink).read(follow);
      return ExitCodes.OK;
    } catch (TerminalSink.ReaderGone e) {
      return ExitCodes.OK; // As with head.
    }
  }

  private TerminalSink.Streams streams() {
    return switch (stream.toLowerCase(Locale.ROOT)) {
      case "stdout" -> TerminalSink.Streams.STDOUT;
      case "stderr" -> TerminalSink.Streams.STDERR;
      case "both" -> TerminalSink.Streams.BOTH;
      default ->
          throw new IllegalArgumentException(
              "--stream: " + stream + " (expected: stdout, stderr or both)");
    };
  }

  /** One object a line. */
  private final class JsonSink implements OutputSink {
    private final TerminalSink.Streams streams;

    JsonSink(TerminalSink.Streams streams) {
      this.streams = streams;
    }

    @Override
    public void write(boolean stderr, ByteString data) {
      if (streams != (stderr ? TerminalSink.Streams.STDOUT : TerminalSink.Streams.STDERR)) {
        line(
            MeshApi.JSON
                .createObjectNode()
                .put("source", stderr ? "stderr" : "stdout")
                .put("data", data.toByteArray()));
      }
    }

    @Override
    public void attempt(int number) {
      line(MeshApi.JSON.createObjectNode().put("attempt", number));
    }

    @Override
    public void gap(OutputGap gap) {
      ObjectNode line = MeshApi.JSON.createObjectNode();
      line.putObject("gap")
          .put("attempt", gap.getAttempt())
          .put("fromNumber", gap.getFromNumber())
          .put("toNumber", gap.getToNumber())
          .put("reason", gap.getReason());
      line(line);
    }

    private void line(ObjectNode json) {
      global.print(json + "\n");
      if (global.context().out().checkError()) {
        throw new TerminalSink.ReaderGone();
      }
    }
  }
}
