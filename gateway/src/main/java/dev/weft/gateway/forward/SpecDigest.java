package dev.weft.gateway.forward;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.weft.proto.tasks.v1.TaskSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of a spec, the same for equal specs from whichever gateway: maps are written in the order
 * of their keys.
 */
final class SpecDigest {

  private SpecDigest() {}

  static ByteString of(TaskSpec spec) {
    byte[] bytes = new byte[spec.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      spec.writeTo(out);
      out.checkNoSpaceLeft();
      return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
