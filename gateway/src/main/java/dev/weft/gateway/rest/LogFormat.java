package dev.weft.gateway.rest;

import com.google.protobuf.ByteString;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.proto.artifacts.v1.OutputGap;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a task's output looks to an HTTP client. */
final class LogFormat {

  private static final String END = "event: end\ndata: {}\n\n";

  private LogFormat() {}

  /**
   * The client's choice.
   *
   * @param stream stdout, stderr or both; null is both
   * @throws InvalidRequest if it is none of them
   */
  static StreamWriter.Format<List<ReadOutputResponse>> of(boolean events, @Nullable String stream) {
    Predicate<ReadOutputResponse> wanted = wanted(stream);
    return events
        ? new Sse<>(steps -> steps.stream().filter(wanted).map(LogFormat::event).iterator(), END)
        : new Text(wanted);
  }

  private static Predicate<ReadOutputResponse> wanted(@Nullable String stream) {
    String name = stream == null ? "both" : stream;
    return switch (name) {
      case "both" -> _ -> true;
      case "stdout" -> step -> isOf(step, OutputSource.OUTPUT_SOURCE_STDOUT);
      case "stderr" -> step -> isOf(step, OutputSource.OUTPUT_SOURCE_STDERR);
      default -> throw InvalidRequest.of("stream", name, "stdout, stderr or both");
    };
  }

  /** A gap may have been in either. */
  private static boolean isOf(ReadOutputResponse step, OutputSource source) {
    return !step.hasChunk() || step.getChunk().getSource() == source;
  }

  private static Buffer event(ReadOutputResponse step) {
    String name = step.hasGap() ? "gap" : "output";
    return Buffer.buffer(Sse.event(name, step.getCursor(), ProtoJson.print(step)));
  }

  /** The bytes as they were written, and a line where some are missing. */
  private record Text(Predicate<ReadOutputResponse> wanted)
      implements StreamWriter.Format<List<ReadOutputResponse>> {

    @Override
    public Optional<Buffer> begin(HttpServerResponse response) {
      response
          .setChunked(true)
          .putHeader("Content-Type", "text/plain;charset=UTF-8")
          .putHeader("X-Accel-Buffering", "no");
      return Optional.empty();
    }

    @Override
    public Iterator<Buffer> pieces(List<ReadOutputResponse> steps, int mostBytes) {
      return steps.stream()
          .filter(wanted)
          .flatMap(
              step ->
                  step.hasGap()
                      ? Stream.of(Buffer.buffer(line(step.getGap())))
                      : cut(step.getChunk().getData(), mostBytes))
          .iterator();
    }

    private static Stream<Buffer> cut(ByteString data, int mostBytes) {
      return IntStream.iterate(0, at -> at < data.size(), at -> at + mostBytes)
          .mapToObj(at -> data.substring(at, Math.min(data.size(), at + mostBytes)))
          .map(piece -> Uncopied.buffer(piece));
    }

    private static String line(OutputGap gap) {
      return "\n[weft: output is missing here: attempt "
          + gap.getAttempt()
          + ", "
          + gap.getReason()
          + "]\n";
    }
  }
}
