package dev.weft.gateway.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What makes requests for artifacts well-formed. */
public final class ArtifactRules {

  public static final int MOST_CHUNK = 1 << 20;
  public static final int MOST_DIGESTS = 10_000;
  public static final int DIGEST_BYTES = 32;
  public static final String TREE = "application/vnd.weft.tree";

  private static final int MOST_NAME_BYTES = 512;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final String TOKEN = "[A-Za-z0-9!#$&^_.+-]{1,100}";
  private static final Pattern MEDIA_TYPE =
      Pattern.compile(
          TOKEN + "/" + TOKEN + "( ?; ?" + TOKEN + "=(" + TOKEN + "|\"[ -!#-~]{0,100}\")){0,5}");
  private static final Pattern ID = Pattern.compile("art_[0-9a-z]{26}");

  private ArtifactRules() {}

  /**
   * What an upload says before its bytes.
   *
   * @param digestBytes how many the digest has; none is legal
   */
  public record Header(
      String name, String mediaType, Optional<TaskDraft.Span> lifetime, int digestBytes) {}

  /**
   * Passes a well-formed header.
   *
   * @throws InvalidRequest with every fault found
   */
  public static void check(Header header) {
    Faults faults = new Faults();
    name("name", header.name(), faults);
    String type = header.mediaType();
    faults.unless(
        type.isEmpty() || isMediaType(type), "media_type", type, "type/subtype and parameters");
    faults.span("lifetime", header.lifetime(), SHORTEST, LONGEST);
    faults.unless(
        header.digestBytes() == 0 || header.digestBytes() == DIGEST_BYTES,
        "digest",
        header.digestBytes() + " bytes",
        "none or the 32 of a SHA-256");
    faults.raise();
  }

  /** Whether the text may stand in a Content-Type header. */
  public static boolean isMediaType(String text) {
    return MEDIA_TYPE.matcher(text).matches();
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Passes an id or a name.
   *
   * @throws InvalidRequest if it can be neither
   */
  public static String checkedReference(String text) {
    Faults faults = new Faults();
    faults.unless(!text.isEmpty(), "artifact_id", "empty", "art_ and 26 characters, or a name");
    name("artifact_id", text, faults);
    faults.raise();
    return text;
  }

  /**
   * Passes a filter by name, which may be empty.
   *
   * @throws InvalidRequest if no artifact can bear it
   */
  public static void checkName(String text) {
    Faults faults = new Faults();
    name("name", text, faults);
    faults.raise();
  }

  /**
   * Passes the bytes of one step.
   *
   * @throws InvalidRequest if they are too many
   */
  public static void checkChunk(String field, int bytes) {
    if (bytes > MOST_CHUNK) {
      throw InvalidRequest.of(field, bytes + " bytes", "at most " + MOST_CHUNK + " bytes");
    }
  }

  /**
   * Passes one digest, by its size.
   *
   * @throws InvalidRequest if it is no SHA-256
   */
  public static void checkDigest(String field, int bytes) {
    if (bytes != DIGEST_BYTES) {
      throw InvalidRequest.of(field, bytes + " bytes", "the 32 bytes of a SHA-256");
    }
  }

  /**
   * Passes a list of digests, by their sizes.
   *
   * @throws InvalidRequest if there are too many or one is no SHA-256
   */
  public static void checkDigests(Iterable<Integer> sizes) {
    int count = 0;
    for (int size : sizes) {
      checkDigest("digests[" + count + "]", size);
      count++;
    }
    if (count == 0 || count > MOST_DIGESTS) {
      throw InvalidRequest.of("digests", count + " digests", "1.." + MOST_DIGESTS);
    }
  }

  private static void name(String field, String text, Faults faults) {
    int bytes = text.getBytes(UTF_8).length;
    faults.unless(
        bytes <= MOST_NAME_BYTES,
        field,
        bytes + " bytes",
        "at most " + MOST_NAME_BYTES + " bytes of UTF-8");
    faults.unless(
        text.codePoints().noneMatch(Character::isISOControl), field, text, "no control characters");
  }
}
