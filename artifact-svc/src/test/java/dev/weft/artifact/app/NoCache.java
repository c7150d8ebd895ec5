package dev.weft.artifact.app;

import dev.weft.artifact.domain.Digest;
import java.util.Optional;

/** Forgets at once. */
public final class NoCache implements BlobCache {

  @Override
  public Optional<byte[]> find(String tenant, Digest digest) {
    return Optional.empty();
  }

  @Override
  public void keep(String tenant, Digest digest, byte[] content) {}
}
