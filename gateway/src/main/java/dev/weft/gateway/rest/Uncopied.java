package dev.weft.gateway.rest;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/**
 * The bytes of a message as those of a connection, and the other way round, without a copy. The
 * methods for it are deprecated only since Vert.x 5 has them under other names.
 */
@SuppressWarnings("deprecation")
final class Uncopied {

  private Uncopied() {}

  static Buffer buffer(ByteString bytes) {
    ByteBuffer[] parts = bytes.asReadOnlyByteBufferList().toArray(ByteBuffer[]::new);
    return Buffer.buffer(Unpooled.wrappedBuffer(parts));
  }

  /**
   * @param buffer that nobody writes to any more
   */
  static ByteString bytes(Buffer buffer) {
    return UnsafeByteOperations.unsafeWrap(buffer.getByteBuf().nioBuffer());
  }
}
