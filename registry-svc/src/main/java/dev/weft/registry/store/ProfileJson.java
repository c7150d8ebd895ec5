package dev.weft.registry.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.registry.domain.profile.WorkerProfile;

/**
 * Profiles as they stand in the database. Written field by field, so that renaming a record does
 * not change what is stored; what is missing in an old row reads as its default.
 */
final class ProfileJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ProfileJson() {}

  static String write(WorkerProfile profile) {
    ObjectNode root = JSON.createObjectNode();
    ProfileJsonWriter.write(root, profile);
    return root.toString();
  }

  /**
   * @throws IllegalStateException if the text is no profile that this build could have written
   */
  static WorkerProfile read(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      return ProfileJsonReader.read(root);
    } catch (JsonProcessingException | RuntimeException e) {
      throw new IllegalStateException("a stored profile cannot be read", e);
    }
  }
}
