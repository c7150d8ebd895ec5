package dev.weft.registry.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Values of the wire in Java's own types, and errors that name the path to the field. */
final class ProtoValues {

  private static final long MOST_SECONDS = 315_576_000_000L;
  private static final long MOST_NANOS = 999_999_999L;

  private ProtoValues() {}

  static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }

  static long unsigned(String field, long value) {
    if (value < 0) {
      throw new InvalidFieldException(
          field, Long.toUnsignedString(value), "at most " + Long.MAX_VALUE);
    }
    return value;
  }

  static Duration duration(String field, com.google.protobuf.Duration value) {
    Check.within(field + ".seconds", value.getSeconds(), -MOST_SECONDS, MOST_SECONDS);
    Check.within(field + ".nanos", value.getNanos(), -MOST_NANOS, MOST_NANOS);
    return Duration.ofSeconds(value.getSeconds(), value.getNanos());
  }

  static com.google.protobuf.Duration toProto(Duration value) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(value.getSeconds())
        .setNanos(value.getNano())
        .build();
  }

  static Instant instant(String field, Timestamp value) {
    Check.within(field + ".seconds", value.getSeconds(), 0, MOST_SECONDS);
    Check.within(field + ".nanos", value.getNanos(), 0, MOST_NANOS);
    return Instant.ofEpochSecond(value.getSeconds(), value.getNanos());
  }

  static Timestamp toProto(Instant value) {
    return Timestamp.newBuilder()
        .setSeconds(value.getEpochSecond())
        .setNanos(value.getNano())
        .build();
  }

  /** Reads a message inside another. */
  static <T> T at(String field, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (InvalidFieldException e) {
      throw e.under(field);
    }
  }

  /** Reads a message that must be there. */
  static <T> T required(String field, boolean present, Supplier<T> reading) {
    if (!present) {
      throw new InvalidFieldException(field, "unset", "set");
    }
    return at(field, reading);
  }

  static <P, T> List<T> each(String field, List<P> values, Function<P, T> reading) {
    return IntStream.range(0, values.size())
        .mapToObj(i -> at(field + "[" + i + "]", () -> reading.apply(values.get(i))))
        .toList();
  }
}
