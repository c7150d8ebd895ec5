package dev.weft.parts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the workers of a pool are started on this machine, each of them in full: {@code <name>.json},
 * only for the owner, since environments hold secrets.
 *
 * @param provider the kind of capacity provider that starts them
 * @param desired how many there should be at first
 * @param least how few people may ask for
 * @param most how many they may ask for
 * @param slots at least as many as {@code most}, in the order in which they are used
 */
public record PoolRecipe(
    String name, String provider, int desired, int least, int most, List<Slot> slots) {

  /** A provider that starts processes of the machine that it runs on. */
  public static final String LOCAL_PROCESS = "local-process";

  private static final ObjectMapper JSON = new ObjectMapper();

  public PoolRecipe {
    slots = List.copyOf(slots);
  }

  /**
   * One worker to be.
   *
   * @param ports where it listens, by purpose
   * @param files written before its start where they are missing, with their content
   */
  public record Slot(
      String name, Launch launch, Map<String, Integer> ports, Map<Path, String> files) {
    public Slot {
      ports = Map.copyOf(ports);
      files = Map.copyOf(files);
    }

    @Override
    public String toString() {
      return name + " " + ports; // The environment holds secrets.
    }
  }

  /** Writes it into the directory, atomically. */
  public void write(Path directory) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("name", name)
            .put("provider", provider)
            .put("desired", desired)
            .put("least", least)
            .put("most", most);
    var array = json.putArray("slots");
    slots.forEach(slot -> write(array.addObject(), slot));
    PrivateFile.write(directory.resolve(name + ".json"), json.toPrettyString() + "\n");
  }

  private static void write(ObjectNode json, Slot slot) {
    Launch launch = slot.launch();
    json.put("name", slot.name())
        .put("directory", launch.directory().toString())
        .put("log", launch.log().toString());
    launch.command().forEach(json.putArray("command")::add);
    ObjectNode environment = json.putObject("environment");
    new TreeMap<>(launch.environment()).forEach(environment::put);
    ObjectNode ports = json.putObject("ports");
    new TreeMap<>(slot.ports()).forEach(ports::put);
    ObjectNode files = json.putObject("files");
    new TreeMap<>(slot.files()).forEach((path, text) -> files.put(path.toString(), text));
  }

  /**
   * Reads one that {@link #write} wrote.
   *
   * @throws UncheckedIOException if it can't be read
   */
  public static PoolRecipe read(Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      List<Slot> slots = new ArrayList<>();
      json.path("slots").forEach(slot -> slots.add(slot(slot)));
      return new PoolRecipe(
          json.path("name").asText(),
          json.path("provider").asText(),
          json.path("desired").asInt(),
          json.path("least").asInt(),
          json.path("most").asInt(),
          slots);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": can't be read", e);
    }
  }

  private static Slot slot(JsonNode json) {
    List<String> command = new ArrayList<>();
    json.path("command").forEach(word -> command.add(word.asText()));
    Map<String, String> environment = new LinkedHashMap<>();
    json.path("environment")
        .properties()
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    Map<String, Integer> ports = new LinkedHashMap<>();
    json.path("ports")
        .properties()
        .forEach(entry -> ports.put(entry.getKey(), entry.getValue().asInt()));
    Map<Path, String> files = new LinkedHashMap<>();
    json.path("files")
        .properties()
        .forEach(entry -> files.put(Path.of(entry.getKey()), entry.getValue().asText()));
    Launch launch =
        new Launch(
            command,
            environment,
            Path.of(json.path("directory").asText()),
            Path.of(json.path("log").asText()),
            Lifetime.DETACHED,
            Optional.empty());
    return new Slot(json.path("name").asText(), launch, ports, files);
  }
}
