package dev.weft.parts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is known of one process: enough to tell whether it runs, to end it and to start it again.
 * {@code <name>.json} in a directory, with the environment, which holds passwords, beside it in
 * {@code <name>.env}; both only for the owner.
 *
 * @param ports by purpose, for example {@code rest}
 * @param stopSignal asks it to end in order
 */
public record RunFile(
    String name,
    String role,
    ProcessStamp stamp,
    Launch launch,
    Map<String, Integer> ports,
    String stopSignal) {
  private static final String SUFFIX = ".json";

  /** Reads and writes trees only, so it needs no reflection. */
  private static final ObjectMapper JSON = new ObjectMapper();

  public RunFile {
    ports = Map.copyOf(ports);
  }

  /**
   * All of a directory, by name; processes that have ended are among them. Others may write and
   * delete meanwhile.
   */
  public static List<RunFile> all(Path run) {
    if (!Files.isDirectory(run)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(run)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .flatMap(file -> read(file).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Optional<RunFile> find(Path run, String name) {
    return read(run.resolve(name + SUFFIX));
  }

  public boolean isRunning() {
    return stamp.isRunning();
  }

  /** Replaces what the directory says of the process. */
  public void write(Path run) {
    StringBuilder environment = new StringBuilder();
    new TreeMap<>(launch.environment())
        .forEach((key, value) -> environment.append(key).append('=').append(value).append('\n'));
    PrivateFile.write(environmentFile(run), environment.toString());
    ObjectNode json =
        JSON.createObjectNode()
            .put("name", name)
            .put("role", role)
            .put("pid", stamp.pid())
            .put("start", stamp.start())
            .put("directory", launch.directory().toString())
            .put("log", launch.log().toString())
            .put("environmentFile", environmentFile(run).toString())
            .put("stopSignal", stopSignal);
    launch.command().forEach(json.putArray("command")::add);
    ObjectNode portsJson = json.putObject("ports");
    new TreeMap<>(ports).forEach(portsJson::put);
    launch
        .account()
        .ifPresent(
            account ->
                json.putObject("account")
                    .put("name", account.name())
                    .put("uid", account.uid())
                    .put("gid", account.gid()));
    PrivateFile.write(run.resolve(name + SUFFIX), json.toPrettyString() + "\n");
  }

  public void delete(Path run) {
    try {
      Files.deleteIfExists(run.resolve(name + SUFFIX));
      Files.deleteIfExists(environmentFile(run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path environmentFile(Path run) {
    return run.resolve(name + ".env");
  }

  /** Empty if it is gone, or goes while it is read. */
  private static Optional<RunFile> read(Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      List<String> command = new ArrayList<>();
      json.path("command").forEach(word -> command.add(word.asText()));
      Map<String, Integer> ports = new LinkedHashMap<>();
      json.path("ports")
          .properties()
          .forEach(port -> ports.put(port.getKey(), port.getValue().asInt()));
      Launch launch =
          new Launch(
              command,
              environment(Path.of(json.path("environmentFile").asText())),
              Path.of(json.path("directory").asText()),
              Path.of(json.path("log").asText()),
              Lifetime.DETACHED,
              account(json.path("account")));
      return Optional.of(
          new RunFile(
              json.path("name").asText(),
              json.path("role").asText(),
              new ProcessStamp(json.path("pid").asLong(), json.path("start").asText()),
              launch,
              ports,
              json.path("stopSignal").asText("TERM")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": can't be read", e);
    }
  }

  private static Map<String, String> environment(Path file) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        environment.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return environment;
  }

  private static Optional<Account> account(JsonNode json) {
    return json.isObject()
        ? Optional.of(
            new Account(
                json.path("name").asText(), json.path("uid").asInt(), json.path("gid").asInt()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name + " (pid " + stamp.pid() + ")";
  }
}
