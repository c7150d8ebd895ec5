package dev.weft.platform.security;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Presents the newest credentials. JSSE asks for an alias first and for its chain and key
 * afterwards, so the alias names a version, and the version before the newest still answers a
 * handshake that has already begun.
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {

  private record Version(String alias, MeshCredentials credentials, @Nullable Version previous) {
    X509Certificate[] chain() {
      return credentials.chain().toArray(X509Certificate[]::new);
    }
  }

  private volatile Version newest;
  private int count;

  IdentityKeyManager(MeshCredentials credentials) {
    newest = new Version("weft-0", credentials, null);
  }

  synchronized void replace(MeshCredentials credentials) {
    Version old = newest;
    count++;
    newest =
        new Version(
            "weft-" + count, credentials, new Version(old.alias(), old.credentials(), null));
  }

  private @Nullable Version named(@Nullable String alias) {
    for (Version version = newest; version != null; version = version.previous()) {
      if (version.alias().equals(alias)) {
        return version;
      }
    }
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    Version version = named(alias);
    return version == null ? null : version.chain();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    Version version = named(alias);
    return version == null ? null : version.credentials().key();
  }

  private @Nullable String aliasFor(@Nullable String keyType) {
    // TLS 1.3 asks for "EC", TLS 1.2 suites for "EC_EC" and the like; the mesh has EC keys only.
    return keyType != null && keyType.startsWith("EC") ? newest.alias() : null;
  }

  private @Nullable String aliasFor(String @Nullable [] keyTypes) {
    if (keyTypes != null) {
      for (String keyType : keyTypes) {
        String alias = aliasFor(keyType);
        if (alias != null) {
          return alias;
        }
      }
    }
    return null;
  }

  private static String @Nullable [] array(@Nullable String alias) {
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(
      @Nullable String keyType, Principal @Nullable [] issuers) {
    return array(aliasFor(keyType));
  }

  @Override
  public @Nullable String chooseClientAlias(
      String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return aliasFor(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return aliasFor(keyTypes);
  }

  @Override
  public String @Nullable [] getServerAliases(
      @Nullable String keyType, Principal @Nullable [] issuers) {
    return array(aliasFor(keyType));
  }

  @Override
  public @Nullable String chooseServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return aliasFor(keyType);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return aliasFor(keyType);
  }
}
