package dev.weft.artifact.app;

import dev.weft.artifact.app.ArtifactCatalog.NewArtifact;
import dev.weft.artifact.app.ArtifactCatalog.PageQuery;
import dev.weft.artifact.domain.ArtifactContent;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.ArtifactRules;
import dev.weft.artifact.domain.BlobSeal.Sealed;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.InvalidValue;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Artifacts of tenants, for whoever has {@link Access}. */
public final class ArtifactDesk {

  public static final String PREFIX = "art";

  private final ArtifactCatalog catalog;
  private final BlobDesk blobs;
  private final TreeDesk trees;
  private final IdGenerator ids;

  public ArtifactDesk(
      ArtifactCatalog catalog, BlobDesk blobs, TreeReader treeReader, IdGenerator ids) {
    this.catalog = catalog;
    this.blobs = blobs;
    this.trees =
        new TreeDesk(
            blobs, treeReader, StoreLimits.mostTreeBytes(Runtime.getRuntime().maxMemory()));
    this.ids = ids;
  }

  /**
   * Begins an upload.
   *
   * @throws MeshException ARTIFACT_TOO_LARGE, STORE_FULL
   */
  public ArtifactUpload begin(Access access, UploadTerms terms) {
    return new ArtifactUpload(this, access, terms, blobs.write(access.tenant(), terms.size()));
  }

  /**
   * Makes an artifact of bytes that the tenant holds.
   *
   * @throws MeshException BLOB_NOT_HELD
   */
  public ArtifactRecord ofHeld(Access access, UploadTerms terms) {
    Digest digest = terms.digest();
    if (digest == null) {
      throw new InvalidValue("digest", "empty", "32 bytes, with if_held");
    }
    Long size = blobs.touch(access.tenant(), List.of(digest)).get(digest);
    if (size == null) {
      throw notHeld(digest);
    }
    if (terms.size().isPresent() && terms.size().getAsLong() != size) {
      throw BlobDesk.wrongSize(terms.size().getAsLong(), size);
    }
    return add(access, terms, digest, size);
  }

  ArtifactRecord add(Access access, UploadTerms terms, Sealed sealed) {
    return add(access, terms, sealed.digest(), sealed.size());
  }

  private ArtifactRecord add(Access access, UploadTerms terms, Digest digest, long size) {
    return terms.isTree()
        ? trees.withNeeded(
            access.tenant(), digest, size, others -> add(access, terms, digest, size, others))
        : add(access, terms, digest, size, List.of());
  }

  private ArtifactRecord add(
      Access access, UploadTerms terms, Digest digest, long size, Collection<Digest> others) {
    access.confirm();
    ArtifactContent content =
        new ArtifactContent(terms.name(), digest, size, terms.mediaType(), access.taskId());
    return catalog
        .add(new NewArtifact(ids.next(), access.tenant(), content, terms.lifetime()), others)
        .orElseThrow(() -> others.isEmpty() ? notHeld(digest) : TreeDesk.incomplete(1, digest));
  }

  /**
   * Finds one by id, or the newest by name.
   *
   * @throws MeshException ARTIFACT_NOT_FOUND also if it is another tenant's
   */
  public ArtifactRecord find(Access access, String idOrName) {
    Optional<UUID> id = id(idOrName);
    Optional<ArtifactRecord> found =
        id.isPresent()
            ? catalog.find(access.tenant(), id.get())
            : catalog.newest(access.tenant(), named(idOrName));
    return found
        .filter(artifact -> access.mayRead(artifact, idOrName))
        .orElseThrow(
            () ->
                new MeshException(
                        ArtifactReason.ARTIFACT_NOT_FOUND, "artifact: " + idOrName + " is unknown")
                    .with("artifact_id", idOrName));
  }

  /** The bytes of an artifact that was found. */
  public BlobReader open(ArtifactRecord artifact) {
    return blobs.open(artifact.tenant(), artifact.content().digest());
  }

  public List<ArtifactRecord> page(PageQuery query) {
    return catalog.page(query);
  }

  /** Idempotent. */
  public void remove(Access access, String id) {
    UUID parsed =
        id(id).orElseThrow(() -> new InvalidValue("artifact_id", id, "art_ and 26 characters"));
    catalog.remove(access.tenant(), parsed);
  }

  public StoreLimits limits() {
    return blobs.limits();
  }

  private static String named(String name) {
    if (name.isEmpty()) {
      throw new InvalidValue("artifact_id", "empty", "art_… or a name");
    }
    return ArtifactRules.name(name);
  }

  private static Optional<UUID> id(String text) {
    try {
      return Optional.of(PrefixedId.parse(PREFIX, text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static MeshException notHeld(Digest digest) {
    return new MeshException(
            ArtifactReason.BLOB_NOT_HELD, "blob " + digest + ": is not held, send the bytes")
        .with("digest", digest);
  }
}
