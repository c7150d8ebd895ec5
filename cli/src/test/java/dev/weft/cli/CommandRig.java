package dev.weft.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The command line as it is typed, before both doors of a mesh. */
final class CommandRig implements AutoCloseable {
  private final Path home;
  private final FakeGateway gateway = new FakeGateway();
  private final FakeArtifacts artifacts;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private InputStream in = InputStream.nullInputStream();

  CommandRig(Path home) {
    this.home = home;
    this.artifacts = new FakeArtifacts(home.resolve("mesh"));
  }

  FakeGateway gateway() {
    return gateway;
  }

  FakeArtifacts artifacts() {
    return artifacts;
  }

  void type(String text) {
    in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  Map<String, String> environment() {
    return new HashMap<>(
        Map.of(
            "WEFT_URL", gateway.url(),
            "WEFT_GRPC_URL", artifacts.url(),
            "WEFT_TOKEN", FakeGateway.TOKEN,
            "WEFT_HOME", home.resolve("weft").toString(),
            "XDG_CACHE_HOME", home.resolve("cache").toString()));
  }

  int weft(String... arguments) {
    out.reset();
    err.reset();
    Context context =
        new Context(
            home,
            environment(),
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return Weft.commandLine(context).execute(arguments);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  String stdout() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String stderr() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    gateway.close();
    artifacts.close();
  }
}
