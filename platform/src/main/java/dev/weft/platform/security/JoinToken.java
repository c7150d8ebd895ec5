package dev.weft.platform.security;

import java.util.regex.Pattern;

/**
 * What a new machine needs besides an address: a secret that lets it join, and the hash of the
 * mesh's CA, by which it knows the mesh before it trusts it. Text: {@code <secret>.<64 hex>}.
 */
public record JoinToken(BearerSecret secret, String caHash) {

  /** Prefix of the secret part. */
  public static final String PREFIX = "wfj";

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  public JoinToken {
    if (!HASH.matcher(caHash).matches()) {
      throw new SecurityFailure("join token: malformed CA hash (expected: 64 hex digits)");
    }
  }

  /** Makes a new token for a mesh. */
  public static JoinToken create(CertificateAuthority ca) {
    return new JoinToken(BearerSecret.create(PREFIX), ca.caHash());
  }

  /**
   * Takes a text that somebody presents; white space around it is ignored.
   *
   * @throws SecurityFailure if it is malformed; the message does not quote it
   */
  public static JoinToken parse(String text) {
    String trimmed = text.strip();
    int dot = trimmed.indexOf('.');
    if (dot < 0) {
      throw new SecurityFailure("join token: malformed (expected: " + PREFIX + "_….<CA hash>)");
    }
    return new JoinToken(
        BearerSecret.parse(PREFIX, trimmed.substring(0, dot)), trimmed.substring(dot + 1));
  }

  /** The token itself, to be given to the machine's owner. */
  public String reveal() {
    return secret.reveal() + "." + caHash;
  }

  @Override
  public String toString() {
    return secret + "." + caHash;
  }
}
