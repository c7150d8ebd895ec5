package dev.weft.gateway.testing;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** Bytes of an artifact: real ones, or as many as one likes that nobody has to keep. */
public record StoredContent(List<ByteString> parts, long size) {

  private static final int PATTERN = 1 << 20;
  private static final ByteString PATTERNED = pattern();

  public static StoredContent of(ByteString bytes) {
    return new StoredContent(List.of(bytes), bytes.size());
  }

  /** A pattern that differs at every place nearby. */
  public static StoredContent endless(long size) {
    return new StoredContent(List.of(), size);
  }

  public ByteString read(long offset, int most) {
    int length = (int) Math.min(most, size - offset);
    if (!parts.isEmpty()) {
      return parts.getFirst().substring((int) offset, (int) offset + length);
    }
    int from = (int) (offset % PATTERN);
    return PATTERNED.substring(from, Math.min(PATTERN, from + length));
  }

  public ByteString digest() {
    MessageDigest digest = sha256();
    for (long at = 0; at < size; ) {
      ByteString part = read(at, PATTERN);
      digest.update(part.asReadOnlyByteBuffer());
      at += part.size();
    }
    return ByteString.copyFrom(digest.digest());
  }

  public static ByteString digestOf(ByteString bytes) {
    return of(bytes).digest();
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteString pattern() {
    byte[] bytes = new byte[PATTERN];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8) * 7 + (i >> 16));
    }
    return ByteString.copyFrom(bytes);
  }
}
