package dev.weft.router.store;

import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * An array parameter in PostgreSQL's binary form, made from one property of each element of a list.
 * The driver by itself would send most of these types as text.
 */
final class BinaryArray extends PGobject implements PGBinaryObject {

  /** The array types used here, for the driver's property {@code binaryTransferEnable}. */
  static final String TYPES = "1001,1005,1007,1009,1016,1185,2951";

  private static final long serialVersionUID = 1L;
  private static final long POSTGRES_EPOCH_SECOND = 946_684_800L;

  private transient byte[] bytes;

  private BinaryArray(String type, ByteSink sink) {
    this.type = type;
    this.bytes = sink.toBytes();
  }

  static <T> BinaryArray ids(Collection<T> items, Function<T, TaskId> id) {
    ByteSink sink = header(items, 2950, 20, false);
    for (T item : items) {
      TaskId value = id.apply(item);
      sink.int32(16).int64(value.high()).int64(value.low());
    }
    return new BinaryArray("_uuid", sink);
  }

  static <T> BinaryArray optionalIds(Collection<T> items, Function<T, @Nullable TaskId> id) {
    ByteSink sink = header(items, 2950, 20, true);
    for (T item : items) {
      TaskId value = id.apply(item);
      if (value == null) {
        sink.int32(-1);
      } else {
        sink.int32(16).int64(value.high()).int64(value.low());
      }
    }
    return new BinaryArray("_uuid", sink);
  }

  static <T> BinaryArray workers(Collection<T> items, Function<T, @Nullable WorkerId> worker) {
    ByteSink sink = header(items, 2950, 20, true);
    for (T item : items) {
      WorkerId value = worker.apply(item);
      if (value == null) {
        sink.int32(-1);
      } else {
        UUID uuid = value.uuid();
        sink.int32(16).int64(uuid.getMostSignificantBits()).int64(uuid.getLeastSignificantBits());
      }
    }
    return new BinaryArray("_uuid", sink);
  }

  static <T> BinaryArray texts(Collection<T> items, Function<T, String> text) {
    ByteSink sink = header(items, 25, 24, false);
    for (T item : items) {
      byte[] value = text.apply(item).getBytes(StandardCharsets.UTF_8);
      sink.int32(value.length).bytes(value);
    }
    return new BinaryArray("_text", sink);
  }

  static <T> BinaryArray blobs(Collection<T> items, Function<T, byte @Nullable []> blob) {
    List<byte @Nullable []> values = new ArrayList<>(items.size());
    int size = 0;
    for (T item : items) {
      byte[] value = blob.apply(item);
      values.add(value);
      size = Math.addExact(size, 4 + (value == null ? 0 : value.length));
    }
    // Of its full size from the first: it holds the payloads, which growing would copy again.
    ByteSink sink = sized(items, 17, size, true);
    for (byte[] value : values) {
      if (value == null) {
        sink.int32(-1);
      } else {
        sink.int32(value.length).bytes(value);
      }
    }
    return new BinaryArray("_bytea", sink);
  }

  static <T> BinaryArray longs(Collection<T> items, ToLongFunction<T> number) {
    ByteSink sink = header(items, 20, 12, false);
    for (T item : items) {
      sink.int32(8).int64(number.applyAsLong(item));
    }
    return new BinaryArray("_int8", sink);
  }

  static <T> BinaryArray ints(Collection<T> items, ToIntFunction<T> number) {
    ByteSink sink = header(items, 23, 8, false);
    for (T item : items) {
      sink.int32(4).int32(number.applyAsInt(item));
    }
    return new BinaryArray("_int4", sink);
  }

  static <T> BinaryArray shorts(Collection<T> items, ToIntFunction<T> number) {
    ByteSink sink = header(items, 21, 6, false);
    for (T item : items) {
      sink.int32(2).int16(number.applyAsInt(item));
    }
    return new BinaryArray("_int2", sink);
  }

  static <T> BinaryArray times(Collection<T> items, Function<T, Instant> time) {
    ByteSink sink = header(items, 1184, 12, false);
    for (T item : items) {
      Instant value = time.apply(item);
      long seconds = value.getEpochSecond() - POSTGRES_EPOCH_SECOND;
      sink.int32(8).int64(seconds * 1_000_000 + value.getNano() / 1_000);
    }
    return new BinaryArray("_timestamptz", sink);
  }

  private static ByteSink header(
      Collection<?> items, int elementType, int elementSize, boolean nulls) {
    return sized(items, elementType, items.size() * elementSize, nulls);
  }

  private static ByteSink sized(
      Collection<?> items, int elementType, int elementBytes, boolean nulls) {
    ByteSink sink = new ByteSink(20 + elementBytes);
    sink.int32(items.isEmpty() ? 0 : 1).int32(nulls ? 1 : 0).int32(elementType);
    return items.isEmpty() ? sink : sink.int32(items.size()).int32(1);
  }

  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("parameters only");
  }

  @Override
  public int lengthInBytes() {
    return bytes.length;
  }

  @Override
  public void toBytes(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public Object clone() {
    throw new UnsupportedOperationException("parameters only");
  }
}
