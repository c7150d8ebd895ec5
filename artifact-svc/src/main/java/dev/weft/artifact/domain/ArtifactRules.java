package dev.weft.artifact.domain;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** What an artifact may be called, and for how long it may live. */
public final class ArtifactRules {

  public static final String TREE = "application/vnd.weft.tree";
  private static final String ANY = "application/octet-stream";
  private static final int MOST_NAME = 512;
  private static final int MOST_TENANT = 64;
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}(;[ -~]{0,128})?");
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(365);

  private ArtifactRules() {}

  public static String name(String name) {
    if (bytes("name", name) > MOST_NAME || name.codePoints().anyMatch(ArtifactRules::isHidden)) {
      throw new InvalidValue(
          "name", name, "at most " + MOST_NAME + " bytes of UTF-8 without control characters");
    }
    return name;
  }

  public static String tenant(String tenant) {
    if (tenant.isEmpty()
        || bytes("tenant", tenant) > MOST_TENANT
        || tenant.codePoints().anyMatch(ArtifactRules::isHidden)) {
      throw new InvalidValue(
          "tenant", tenant, "1.." + MOST_TENANT + " bytes, no control characters");
    }
    return tenant;
  }

  public static String mediaType(String type) {
    if (type.isEmpty()) {
      return ANY;
    }
    if (!MEDIA_TYPE.matcher(type).matches()) {
      throw new InvalidValue("media_type", type, "type/subtype, for example text/plain");
    }
    return type;
  }

  public static Duration lifetime(Duration asked) {
    if (asked.compareTo(LEAST) < 0 || asked.compareTo(MOST) > 0) {
      throw new InvalidValue("lifetime", asked, LEAST + " to " + MOST);
    }
    return asked;
  }

  /** Line ends and the characters that turn the direction of text around are hidden ones too. */
  private static boolean isHidden(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static int bytes(String field, String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
    } catch (CharacterCodingException e) {
      throw new InvalidValue(field, "half a character", "UTF-8");
    }
  }
}
