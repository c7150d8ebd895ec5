package dev.weft.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.parts.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * The shape of a local mesh; kept in its folder, so that later commands need not be told again.
 *
 * @param portBase all ports are offsets of it
 * @param replicas of each service
 * @param workers how many
 * @param consul whether services find each other through Consul or by a fixed list
 * @param scaler whether workers are the scaler's, which keeps their pools at their size, or are
 *     just started
 */
public record MeshOptions(int portBase, int replicas, int workers, boolean consul, boolean scaler) {
  private static final int LAST_BASE = 65_000;

  public MeshOptions {
    require("port-base", portBase, 1024, LAST_BASE);
    require("replicas", replicas, 1, PortPlan.MOST_REPLICAS);
    require("workers", workers, 0, PortPlan.MOST_WORKERS);
  }

  public static MeshOptions standard() {
    return new MeshOptions(7000, 1, 3, true, true);
  }

  /** Those of the mesh in this folder; empty if there was never one. */
  public static Optional<MeshOptions> read(HomeDirectory home) {
    if (!Files.exists(home.options())) {
      return Optional.empty();
    }
    try {
      JsonNode json = MeshApi.JSON.readTree(Files.readString(home.options()));
      return Optional.of(
          new MeshOptions(
              json.path("portBase").asInt(),
              json.path("replicas").asInt(),
              json.path("workers").asInt(),
              json.path("consul").asBoolean(),
              json.path("scaler").asBoolean(true)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public MeshOptions withoutConsul() {
    return new MeshOptions(portBase, replicas, workers, false, scaler);
  }

  void write(HomeDirectory home) {
    PrivateFile.write(
        home.options(),
        MeshApi.JSON
            .createObjectNode()
            .put("portBase", portBase)
            .put("replicas", replicas)
            .put("workers", workers)
            .put("consul", consul)
            .put("scaler", scaler)
            .toPrettyString());
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d to %d)".formatted(name, value, least, most));
    }
  }
}
