package dev.weft.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.parts.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/**
 * Passwords and tokens of the parts, made once per mesh and kept in a file that only the owner
 * reads.
 */
final class MeshSecrets {
  private static final int PASSWORD_BYTES = 24;

  private final HomeDirectory home;
  private final ObjectNode values;
  private final SecureRandom random = new SecureRandom();

  MeshSecrets(HomeDirectory home) {
    this.home = home;
    this.values = read(home);
  }

  /** 192 random bits, the same at every call for a name. */
  synchronized String password(String name) {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    return value(name, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** A random UUID, the same at every call for a name. */
  synchronized String uuid(String name) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return value(name, UUID.nameUUIDFromBytes(bytes).toString());
  }

  private String value(String name, String fresh) {
    JsonNode known = values.get(name);
    if (known != null) {
      return known.asText();
    }
    values.put(name, fresh);
    PrivateFile.write(home.secrets(), values.toPrettyString() + "\n");
    return fresh;
  }

  private static ObjectNode read(HomeDirectory home) {
    if (!Files.exists(home.secrets())) {
      return MeshApi.JSON.createObjectNode();
    }
    try {
      return (ObjectNode) MeshApi.JSON.readTree(Files.readString(home.secrets()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
