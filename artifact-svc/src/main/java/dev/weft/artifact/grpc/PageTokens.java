package dev.weft.artifact.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/** Where a listing goes on: opaque, and of one filter only. */
final class PageTokens {

  private static final int BYTES = Long.BYTES + Integer.BYTES;

  private PageTokens() {}

  static String write(long lastSeq, String tenant, String name, String taskId) {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(lastSeq)
            .putInt(filter(lastSeq, tenant, name, taskId))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static OptionalLong read(String token, String tenant, String name, String taskId) {
    if (token.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token);
      if (bytes.length == BYTES) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long seq = buffer.getLong();
        if (buffer.getInt() == filter(seq, tenant, name, taskId)) {
          return OptionalLong.of(seq);
        }
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the one answer for whatever is not a token.
    }
    throw new MeshException(
        CommonReason.INVALID_PAGE_TOKEN,
        "page_token (expected: one that this method gave out for this filter)");
  }

  private static int filter(long seq, String tenant, String name, String taskId) {
    CRC32C crc = new CRC32C();
    crc.update(
        (seq + "\0" + tenant + "\0" + name + "\0" + taskId).getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }
}
