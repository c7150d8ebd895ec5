package dev.weft.platform.testing;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.BidiStreamingMethod;
import io.grpc.stub.ServerCalls.UnaryMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A service of text messages without a proto file, to try interceptors with. */
public final class RawMethods {

  public static final String SERVICE = "weft.test.v1.EchoService";
  public static final MethodDescriptor<String, String> UNARY = method("Echo", MethodType.UNARY);
  public static final MethodDescriptor<String, String> STREAM =
      method("Chat", MethodType.BIDI_STREAMING);

  private RawMethods() {}

  public static BindableService unary(UnaryMethod<String, String> handler) {
    return () ->
        ServerServiceDefinition.builder(SERVICE)
            .addMethod(UNARY, ServerCalls.asyncUnaryCall(handler))
            .build();
  }

  public static BindableService stream(BidiStreamingMethod<String, String> handler) {
    return () ->
        ServerServiceDefinition.builder(SERVICE)
            .addMethod(STREAM, ServerCalls.asyncBidiStreamingCall(handler))
            .build();
  }

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName(SERVICE + "/" + name)
        .setRequestMarshaller(new TextMarshaller())
        .setResponseMarshaller(new TextMarshaller())
        .build();
  }

  private static final class TextMarshaller implements MethodDescriptor.Marshaller<String> {

    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
