package dev.weft.artifact.app;

import dev.weft.artifact.domain.ArtifactRules;
import dev.weft.artifact.domain.Digest;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an upload says of itself.
 *
 * @param digest null: not checked
 * @param size empty: not checked
 */
public record UploadTerms(
    String name, String mediaType, Duration lifetime, @Nullable Digest digest, OptionalLong size) {

  public UploadTerms {
    ArtifactRules.name(name);
    mediaType = ArtifactRules.mediaType(mediaType);
    ArtifactRules.lifetime(lifetime);
  }

  boolean isTree() {
    return mediaType.equals(ArtifactRules.TREE);
  }
}
