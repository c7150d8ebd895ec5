package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Shards of users over REST. */
public final class ShardApi {
  private final MeshApi mesh;

  public ShardApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /** All of them, and how many users one is made for. */
  public JsonNode list() {
    return mesh.call("GET", "/v1/shards", Optional.empty());
  }
}
