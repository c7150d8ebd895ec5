package dev.weft.platform.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whom a mesh certificate names: one node in one role. It stands in the certificate as two dNSName
 * entries, {@code <role>.weft}, which callers verify, and {@code <nodeId>.<role>.weft}, which
 * servers read.
 */
public record MeshSubject(String role, String nodeId) {

  private static final String DOMAIN = ".weft";
  private static final int SAN_DNS = 2;
  private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9-]{0,30}");
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  public MeshSubject {
    if (!ROLE.matcher(role).matches()) {
      throw new IllegalArgumentException("role: " + role + " (expected: " + ROLE + ")");
    }
    if (!NODE.matcher(nodeId).matches()) {
      throw new IllegalArgumentException("node id: " + nodeId + " (expected: " + NODE + ")");
    }
  }

  /** The name that every server of a role proves. */
  public static String serverName(String role) {
    return role + DOMAIN;
  }

  /** The two alternative names of this subject's certificate. */
  public List<String> alternativeNames() {
    return List.of(serverName(role), nodeId + "." + serverName(role));
  }

  /**
   * Reads the subject of a certificate whose chain has already been verified.
   *
   * @throws SecurityFailure unless the certificate names exactly one role and one node of that role
   */
  public static MeshSubject of(X509Certificate certificate) {
    List<String> names = dnsNames(certificate);
    if (names.size() == 2) {
      List<String> byLength =
          names.get(0).length() < names.get(1).length() ? names : names.reversed();
      String roleName = byLength.getFirst();
      String nodeName = byLength.getLast();
      if (roleName.endsWith(DOMAIN) && nodeName.endsWith("." + roleName)) {
        return parsed(roleName, nodeName);
      }
    }
    throw new SecurityFailure(
        "certificate names: " + names + " (expected: <role>.weft and <node>.<role>.weft)");
  }

  private static MeshSubject parsed(String roleName, String nodeName) {
    try {
      return new MeshSubject(
          roleName.substring(0, roleName.length() - DOMAIN.length()),
          nodeName.substring(0, nodeName.length() - roleName.length() - 1));
    } catch (IllegalArgumentException e) {
      throw new SecurityFailure("certificate name: " + e.getMessage(), e);
    }
  }

  private static List<String> dnsNames(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
      if (entries != null) {
        for (List<?> entry : entries) {
          if (!Integer.valueOf(SAN_DNS).equals(entry.get(0))) {
            throw new SecurityFailure("certificate: a name that is not a dNSName");
          }
          names.add((String) entry.get(1));
        }
      }
    } catch (CertificateParsingException e) {
      throw new SecurityFailure("certificate: unreadable names", e);
    }
    return names;
  }
}
