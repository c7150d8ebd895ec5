package dev.weft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.Pace;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.client.Trace;
import dev.weft.cli.tree.SentTrees;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes. */
public final class GlobalOptions {

  /** How answers are printed. */
  public enum Format {
    TABLE,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (default) or json",
      converter = FormatConverter.class)
  Format format = Format.TABLE;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "gateways, comma-separated (default: WEFT_URL, else the local mesh)")
  @Nullable String url;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the local mesh's folder (default: WEFT_HOME, else .weft in the checkout)")
  @Nullable Path data;

  private final Context context;
  private final Trace trace;
  private final AtomicBoolean throttledTold = new AtomicBoolean();

  GlobalOptions(Context context) {
    this.context = context;
    this.trace = Trace.from(context.environment().getOrDefault("TRACEPARENT", ""));
  }

  boolean json() {
    return format == Format.JSON;
  }

  Context context() {
    return context;
  }

  /** One question to the mesh, or several. */
  <T> T ask(Function<MeshApi, T> question) {
    try (MeshApi api = api()) {
      return question.apply(api);
    }
  }

  /** The REST door; the caller closes it. */
  MeshApi api() {
    Session session = session();
    return new MeshApi(
        session.endpoints(), session.token(), trace, Pace.standard(), this::tellThrottled);
  }

  /** The gRPC door; the caller closes it. */
  RpcDoor door() {
    Session session = session();
    return new RpcDoor(session.rpc(), session.token(), trace, Pace.standard(), this::tellThrottled);
  }

  /** That the mesh asks to wait is not told on stderr. */
  void waitSilently() {
    throttledTold.set(true);
  }

  /** Once: else who waits long fills the screen. */
  private void tellThrottled(ApiException refusal) {
    if (throttledTold.compareAndSet(false, true)) {
      context
          .err()
          .println(
              "weft: waiting, at most %d s: %s: %s"
                  .formatted(
                      Pace.standard().patience().toSeconds(),
                      refusal.reason(),
                      refusal.getMessage()));
    }
  }

  /** Of everything that this command asks of the mesh. */
  Trace trace() {
    return trace;
  }

  /** Where digests of packed files are kept. */
  Path cache() {
    Map<String, String> environment = context.environment();
    String named = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base =
        Path.of(named).isAbsolute()
            ? Path.of(named)
            : context
                .path(environment.getOrDefault("HOME", System.getProperty("user.home")))
                .resolve(".cache");
    return base.resolve("weft").resolve("digests");
  }

  /** What was sent to this mesh lately. */
  SentTrees sentTrees() {
    return new SentTrees(cache(), session().endpoints().toString(), InstantSource.system());
  }

  Session session() {
    return new SessionFinder(context, home()).find(url);
  }

  /** The local mesh's folder. */
  Path home() {
    if (data != null) {
      return data.toAbsolutePath().normalize();
    }
    String named = context.environment().getOrDefault("WEFT_HOME", "");
    Path home = named.isBlank() ? context.root().resolve(".weft") : context.path(named);
    return home.toAbsolutePath().normalize();
  }

  void print(String text) {
    context.out().print(text);
    context.out().flush();
  }

  void printJson(JsonNode tree) {
    try {
      String text = MeshApi.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
      print(text + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In any case of letters. */
  static final class FormatConverter implements picocli.CommandLine.ITypeConverter<Format> {
    @Override
    public Format convert(String text) {
      return switch (text) {
        case "json", "JSON" -> Format.JSON;
        case "table", "TABLE" -> Format.TABLE;
        default ->
            throw new picocli.CommandLine.TypeConversionException(
                "output: " + text + " (expected: table or json)");
      };
    }
  }
}
