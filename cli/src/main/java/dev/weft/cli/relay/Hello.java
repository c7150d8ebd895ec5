package dev.weft.cli.relay;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command and what it has around it.
 *
 * @param setting what a process can't change; the resident's own must be the same
 * @param directory in which it was typed, absolute
 * @param terminal whether a person looks at stderr
 */
public record Hello(
    String setting,
    String directory,
    boolean terminal,
    List<String> arguments,
    Map<String, String> environment) {
  public Hello {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  public byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    text(out, setting);
    text(out, directory);
    out.writeBoolean(terminal);
    out.writeInt(arguments.size());
    for (String argument : arguments) {
      text(out, argument);
    }
    out.writeInt(environment.size());
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      text(out, variable.getKey());
      text(out, variable.getValue());
    }
    return bytes.toByteArray();
  }

  /**
   * Reads one.
   *
   * @throws IOException if it is not whole
   */
  public static Hello of(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    String setting = text(in);
    String directory = text(in);
    boolean terminal = in.readBoolean();
    int words = in.readInt();
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      arguments.add(text(in));
    }
    int variables = in.readInt();
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < variables; i++) {
      environment.put(text(in), text(in));
    }
    return new Hello(setting, directory, terminal, arguments, environment);
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("text: " + length + " bytes (expected: 0.." + in.available() + ")");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Hello[directory=" + directory + "]"; // The environment may hold a token.
  }
}
