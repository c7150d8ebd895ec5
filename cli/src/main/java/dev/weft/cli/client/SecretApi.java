package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The caller's tenant's secrets over REST. */
public final class SecretApi {

  private final MeshApi mesh;

  public SecretApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /** Sets a secret's value; what runs keeps the value that it got. */
  public JsonNode put(String name, byte[] value) {
    ObjectNode request = MeshApi.JSON.createObjectNode().put("value", value);
    return mesh.call("PUT", "/v1/secrets/" + MeshApi.encoded(name), Optional.of(request))
        .path("secret");
  }

  /** All secrets, without their values. */
  public List<JsonNode> list() {
    return mesh.pages("/v1/secrets", "secrets");
  }

  /** What the door said. */
  public JsonNode remove(String name) {
    return mesh.call("DELETE", "/v1/secrets/" + MeshApi.encoded(name), Optional.empty());
  }
}
