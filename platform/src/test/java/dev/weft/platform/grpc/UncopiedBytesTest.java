package dev.weft.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UncopiedBytesTest {

  private static final byte[] CONTENT = new byte[100_000];

  static {
    Arrays.fill(CONTENT, (byte) 7);
  }

  @Test
  void whatWasSentIsWhatIsRead() {
    BytesValue sent = BytesValue.of(ByteString.copyFrom(CONTENT));

    assertThat(marshaller().parse(new ByteArrayInputStream(sent.toByteArray()))).isEqualTo(sent);
  }

  @Test
  void theBytesArePartOfWhatWasRead() {
    BytesValue sent = BytesValue.of(ByteString.copyFrom(CONTENT));

    BytesValue read = marshaller().parse(new ByteArrayInputStream(sent.toByteArray()));

    // The tag and the length stand before them in the same array.
    assertThat(read.getValue().asReadOnlyByteBuffer().isReadOnly()).isTrue();
    assertThat(read.getValue().getClass().getSimpleName()).isEqualTo("BoundedByteString");
  }

  @Test
  void whatIsCutOffIsRefused() {
    byte[] whole = BytesValue.of(ByteString.copyFrom(CONTENT)).toByteArray();
    InputStream part = new ByteArrayInputStream(whole, 0, whole.length / 2);

    assertThatThrownBy(() -> marshaller().parse(part))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("Invalid protobuf");
  }

  @Test
  void anEndThatBelongsToNoGroupIsRefused() {
    InputStream stray = new ByteArrayInputStream(new byte[] {12});

    assertThatThrownBy(() -> marshaller().parse(stray)).isInstanceOf(StatusRuntimeException.class);
  }

  private static Marshaller<BytesValue> marshaller() {
    MethodDescriptor<BytesValue, BytesValue> method =
        MethodDescriptor.<BytesValue, BytesValue>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("weft.test/Get")
            .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
            .build();
    return UncopiedBytes.responses(method).getResponseMarshaller();
  }
}
