package dev.weft.gateway.session;

import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/** A line to a home in another process, by its mesh port. */
final class GrpcHomeLine extends ClientCall.Listener<AttachResponse> implements HomeLine {

  private final HomeChannels.Lease lease;
  private final Listener listener;
  private final ClientCall<AttachRequest, AttachResponse> call;

  /**
   * @param lease given back when the line is over
   */
  GrpcHomeLine(HomeChannels.Lease lease, Listener listener) {
    this.lease = lease;
    this.listener = listener;
    this.call = lease.channel().newCall(SessionServiceGrpc.getAttachMethod(), CallOptions.DEFAULT);
  }

  @Override
  public void start(AttachHello hello) {
    call.start(this, new Metadata());
    // The home itself sends no more than what is passed on, and a little.
    call.request(Integer.MAX_VALUE);
    send(AttachRequest.newBuilder().setHello(hello).build());
  }

  @Override
  public void send(AttachRequest step) {
    call.sendMessage(step);
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public void cancel(String why) {
    call.cancel(why, null);
  }

  @Override
  public void onMessage(AttachResponse step) {
    listener.next(step);
  }

  @Override
  public void onReady() {
    listener.ready();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    lease.release();
    listener.closed(status, trailers);
  }
}
