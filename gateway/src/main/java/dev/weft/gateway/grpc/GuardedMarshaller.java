package dev.weft.gateway.grpc;

import com.google.protobuf.Message;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests so that a bad one can be answered with details: grpc-java ends a call whose
 * message does not parse before any interceptor hears of it. A bad message becomes a marked, empty
 * one, which {@link #fault} knows again.
 */
final class GuardedMarshaller<Q extends Message> implements PrototypeMarshaller<Q> {

  private final PrototypeMarshaller<Q> marshaller;
  private final Q malformed;

  private GuardedMarshaller(PrototypeMarshaller<Q> marshaller) {
    this.marshaller = marshaller;
    this.malformed = fresh(marshaller);
  }

  /** The service with all its requests read that way. */
  static ServerServiceDefinition guard(ServerServiceDefinition service) {
    ServiceDescriptor.Builder described =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    var methods = service.getMethods().stream().map(GuardedMarshaller::guarded).toList();
    methods.forEach(method -> described.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder guarded = ServerServiceDefinition.builder(described.build());
    methods.forEach(guarded::addMethod);
    return guarded.build();
  }

  /**
   * Why the message that a call got is none. The mark is known by its identity: equal messages may
   * be good ones.
   */
  @SuppressWarnings("ReferenceEquality")
  static Optional<MeshException> fault(MethodDescriptor<?, ?> method, Object message) {
    if (!(method.getRequestMarshaller() instanceof GuardedMarshaller<?> guarded)) {
      return Optional.empty();
    }
    if (message == guarded.malformed) {
      return Optional.of(
          new MeshException(
              GatewayReason.MALFORMED_MESSAGE,
              "message: does not parse (expected: a protobuf of the method's request)"));
    }
    return Optional.empty();
  }

  private static <Q, A> ServerMethodDefinition<?, ?> guarded(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    @SuppressWarnings("unchecked") // Every request of ours is a protobuf.
    PrototypeMarshaller<Message> marshaller =
        (PrototypeMarshaller<Message>) descriptor.getRequestMarshaller();
    @SuppressWarnings("unchecked")
    MethodDescriptor.Marshaller<Q> guarded =
        (MethodDescriptor.Marshaller<Q>) new GuardedMarshaller<>(marshaller);
    return ServerMethodDefinition.create(
        descriptor.toBuilder().setRequestMarshaller(guarded).build(),
        method.getServerCallHandler());
  }

  @SuppressWarnings("unchecked") // A message's builder builds the message.
  private static <Q extends Message> Q fresh(PrototypeMarshaller<Q> marshaller) {
    Q prototype = marshaller.getMessagePrototype();
    if (prototype == null) {
      throw new IllegalStateException("a protobuf has a prototype");
    }
    return (Q) prototype.newBuilderForType().buildPartial();
  }

  @Override
  public InputStream stream(Q value) {
    return marshaller.stream(value);
  }

  @Override
  public Q parse(InputStream stream) {
    try {
      return marshaller.parse(stream instanceof KnownLength ? stream : new Inflated(stream));
    } catch (StatusRuntimeException e) {
      return malformed;
    }
  }

  /** A message that came compressed: what it is in full counts as if it had come so. */
  private static final class Inflated extends FilterInputStream {

    private final Optional<Reading> reading = Reading.current();

    Inflated(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      return counted(super.read(), 1);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      return counted(read, read);
    }

    private int counted(int result, int bytes) throws IOException {
      if (result >= 0 && reading.isPresent() && !reading.get().take(bytes)) {
        throw new IOException("not taken");
      }
      return result;
    }
  }

  @Override
  public @Nullable Q getMessagePrototype() {
    return marshaller.getMessagePrototype();
  }

  @Override
  public Class<Q> getMessageClass() {
    return marshaller.getMessageClass();
  }
}
