package dev.weft.gateway.rest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a representation, RFC 9110 §14. One range is served; what is not understood, or asks
 * for several, is as if it had not been asked.
 *
 * @param length 0 only if nothing can be given
 */
record ByteRange(long offset, long length) {

  private static final Pattern SINGLE =
      Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})", Pattern.CASE_INSENSITIVE);

  /** What the header asks for of so many bytes; empty is all of them. */
  static Optional<ByteRange> parse(@Nullable String header, long size) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher matcher = SINGLE.matcher(header.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? Optional.empty() : Optional.of(suffix(Long.parseLong(last), size));
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
    if (to < from) {
      return Optional.empty();
    }
    return Optional.of(
        from >= size
            ? new ByteRange(from, 0)
            : new ByteRange(from, Math.min(to, size - 1) - from + 1));
  }

  private static ByteRange suffix(long most, long size) {
    long length = Math.min(most, size);
    return new ByteRange(size - length, length);
  }

  boolean isSatisfiable() {
    return length > 0;
  }

  /** The value of Content-Range. */
  String of(long size) {
    return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
  }
}
