package dev.weft.platform.grpc;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** A call whose requests are read by its handler's side; everything else is the same call's. */
final class RetypedCall<A, B> extends ServerCall<A, B> {

  private final ServerCall<?, B> call;
  private final MethodDescriptor<A, B> method;

  RetypedCall(ServerCall<?, B> call, MethodDescriptor<A, B> method) {
    this.call = call;
    this.method = method;
  }

  @Override
  public MethodDescriptor<A, B> getMethodDescriptor() {
    return method;
  }

  @Override
  public void request(int messages) {
    call.request(messages);
  }

  @Override
  public void sendHeaders(Metadata headers) {
    call.sendHeaders(headers);
  }

  @Override
  public void sendMessage(B message) {
    call.sendMessage(message);
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public void close(Status status, Metadata trailers) {
    call.close(status, trailers);
  }

  @Override
  public boolean isCancelled() {
    return call.isCancelled();
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    call.setMessageCompression(enabled);
  }

  @Override
  public void setCompression(String compressor) {
    call.setCompression(compressor);
  }

  @Override
  public void setOnReadyThreshold(int bytes) {
    call.setOnReadyThreshold(bytes);
  }

  @Override
  public SecurityLevel getSecurityLevel() {
    return call.getSecurityLevel();
  }

  @Override
  public Attributes getAttributes() {
    return call.getAttributes();
  }

  @Override
  public @Nullable String getAuthority() {
    return call.getAuthority();
  }
}
