package dev.weft.artifact.app;

import dev.weft.artifact.domain.ArtifactContent;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.Digest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The artifacts of all tenants; each is visible to its own, and only until it expires. */
public interface ArtifactCatalog {

  /**
   * Adds an artifact that holds its own blob and others.
   *
   * @return empty if the tenant does not hold one of the blobs; then nothing has changed
   */
  Optional<ArtifactRecord> add(NewArtifact artifact, Collection<Digest> others);

  Optional<ArtifactRecord> find(String tenant, UUID id);

  /** The newest that bears the name. */
  Optional<ArtifactRecord> newest(String tenant, String name);

  /** Newest first. */
  List<ArtifactRecord> page(PageQuery query);

  /** Whether there was one. */
  boolean remove(String tenant, UUID id);

  /** What is to be added. */
  record NewArtifact(UUID id, String tenant, ArtifactContent content, Duration lifetime) {}

  /**
   * Which artifacts.
   *
   * @param name exact; empty: all
   * @param taskId empty: all
   * @param before only those with a lower seq
   */
  record PageQuery(String tenant, String name, String taskId, OptionalLong before, int size) {}
}
