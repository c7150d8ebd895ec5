package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.SecretApi;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "put",
    description = {
      "Sets a secret to what is typed, unseen, or to standard input where that is no terminal.",
      "One line break at the end is not part of it, unless --exact. There is no argument for the"
          + " value,",
      "since everybody can read arguments."
    })
final class SecretsPutCommand implements Callable<Integer> {
  private static final int LONGEST = 64 * 1024;

  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "NAME", description = "letters, digits, '_', '-' and '.'")
  String name = "";

  @Option(names = "--exact", description = "standard input as it is, byte for byte")
  boolean exact;

  SecretsPutCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    byte[] value = value();
    try {
      JsonNode secret = global.ask(api -> new SecretApi(api).put(name, value));
      if (global.json()) {
        global.printJson(secret);
      } else {
        global.print("%s version %s%n".formatted(name, secret.path("version").asText("?")));
      }
      return ExitCodes.OK;
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  private byte[] value() {
    InputStream in = global.context().in();
    // There is none where nobody types.
    Optional<Console> console =
        Optional.ofNullable(System.console())
            .filter(found -> found.isTerminal() && in.equals(System.in));
    byte[] value = console.map(this::typed).orElseGet(() -> piped(in));
    if (value.length == 0 || value.length > LONGEST) {
      throw new IllegalArgumentException(
          "value: %d bytes (expected: 1..%d)".formatted(value.length, LONGEST));
    }
    return value;
  }

  private byte[] typed(Console console) {
    char[] typed = console.readPassword("%s: ", name);
    if (typed == null) {
      return new byte[0];
    }
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
    Arrays.fill(typed, ' ');
    byte[] value = new byte[bytes.remaining()];
    bytes.get(value);
    return value;
  }

  private byte[] piped(InputStream in) {
    try {
      byte[] value = in.readNBytes(LONGEST + 2);
      int length = value.length;
      if (!exact && length > 0 && value[length - 1] == '\n') {
        length--;
      }
      return Arrays.copyOf(value, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
