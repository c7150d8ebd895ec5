package login;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Signed tokens: who, until when, and a signature over both. */
final class Tokens {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final byte[] key;
  private final Duration lifetime;
  private final Clock clock;

  Tokens(byte[] key, Duration lifetime, Clock clock) {
    this.key = key.clone();
    this.lifetime = lifetime;
    this.clock = clock;
  }

  String issue(String user) {
    String body =
        ENCODER.encodeToString(user.getBytes(UTF_8))
            + "."
            + clock.now().plus(lifetime).getEpochSecond();
    return body + "." + sign(body);
  }

  /** The user, if the token is ours and still good. */
  Optional<String> user(String token) {
    String[] parts = token.split("\\.");
    if (parts.length != 3) {
      return Optional.empty();
    }
    String expected = sign(parts[0] + "." + parts[1]);
    if (!MessageDigest.isEqual(expected.getBytes(UTF_8), parts[2].getBytes(UTF_8))) {
      return Optional.empty();
    }
    Instant expires = Instant.ofEpochSecond(Long.parseLong(parts[1]));
    if (expires.isAfter(clock.now().plus(lifetime))) {
      return Optional.empty();
    }
    return Optional.of(new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8));
  }

  private String sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return ENCODER.encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
