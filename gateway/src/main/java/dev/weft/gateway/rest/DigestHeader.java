package dev.weft.gateway.rest;

import com.google.protobuf.ByteString;
import dev.weft.gateway.domain.InvalidRequest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RFC 9530: Content-Digest and Repr-Digest, which are one here, since no encoding is taken. */
final class DigestHeader {

  static final String CONTENT = "Content-Digest";
  static final String REPRESENTATION = "Repr-Digest";

  private static final Pattern MEMBER =
      Pattern.compile("\\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):\\s*");
  private static final String ALGORITHM = "sha-256";
  private static final int BYTES = 32;

  private DigestHeader() {}

  /**
   * The SHA-256 that the headers name; other algorithms are passed over.
   *
   * @throws InvalidRequest if one is malformed, or they name two
   */
  static Optional<ByteString> parse(List<String> headers) {
    Optional<ByteString> found = Optional.empty();
    for (String header : headers) {
      for (String member : header.split(",", -1)) {
        Matcher matcher = MEMBER.matcher(member.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
          throw malformed(header);
        }
        if (!matcher.group(1).equals(ALGORITHM)) {
          continue;
        }
        ByteString digest = decoded(member.substring(matcher.start(2), matcher.end(2)), header);
        if (found.isPresent() && !found.get().equals(digest)) {
          throw malformed(header);
        }
        found = Optional.of(digest);
      }
    }
    return found;
  }

  static String of(ByteString digest) {
    return ALGORITHM + "=:" + Base64.getEncoder().encodeToString(digest.toByteArray()) + ":";
  }

  private static ByteString decoded(String base64, String header) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length == BYTES) {
        return ByteString.copyFrom(bytes);
      }
    } catch (IllegalArgumentException e) {
      // As good as the wrong length.
    }
    throw malformed(header);
  }

  private static InvalidRequest malformed(String header) {
    return InvalidRequest.of("digest", header, "sha-256=:the digest in base64:");
  }
}
