package dev.weft.router.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/** Sizes and tokens of pages, the same for every list. */
final class PageTokens {

  private static final int STANDARD = 100;

  private PageTokens() {}

  /**
   * @param asked 0 means 100
   * @throws MeshException INVALID_FIELD
   */
  static int size(int asked, int most) {
    int size = asked == 0 ? STANDARD : asked;
    if (size < 1 || size > most) {
      throw Denials.invalidField(
          new IllegalArgumentException("page_size: %d (expected: 1..%d)".formatted(size, most)));
    }
    return size;
  }

  /** Opaque to callers. */
  static String token(String place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(place.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * @param place throws IllegalArgumentException on what no token of this list holds
   * @return empty for the first page
   * @throws MeshException INVALID_PAGE_TOKEN
   */
  static <T> Optional<T> place(String token, Function<String, T> place) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] text = Base64.getUrlDecoder().decode(token);
      return Optional.of(place.apply(new String(text, StandardCharsets.US_ASCII)));
    } catch (IllegalArgumentException e) {
      throw new MeshException(
              CommonReason.INVALID_PAGE_TOKEN,
              "page_token: %s (expected: a next_page_token)".formatted(token))
          .with("page_token", token);
    }
  }
}
