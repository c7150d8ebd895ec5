package dev.weft.gateway.app;

/** Makes secrets: 256 random bits behind a prefix. */
public interface SecretMint {

  /** A new bearer token's text, {@code wft_…}. */
  String bearer();

  /** A new session ticket's text, {@code wfs_…}. */
  String ticket();

  /** A new join token's text, {@code wfj_…}, which ends with the hash of the mesh's CA. */
  String join();
}
