package dev.weft.registry.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.registry.domain.fleet.NameKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a listing goes on, opaque to callers. */
final class PageTokens {

  private static final char SEPARATOR = '\n';

  private PageTokens() {}

  static String write(NameKey last) {
    byte[] text = (last.name() + SEPARATOR + last.id()).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  static NameKey read(String token) {
    if (token.isEmpty()) {
      return NameKey.START;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      int separator = text.indexOf(SEPARATOR);
      if (separator > 0) {
        return new NameKey(text.substring(0, separator), text.substring(separator + 1));
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the one answer for whatever is not a token.
    }
    throw new MeshException(
        CommonReason.INVALID_PAGE_TOKEN, "page_token (expected: one that this method gave out)");
  }
}
