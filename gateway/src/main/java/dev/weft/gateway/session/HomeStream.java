package dev.weft.gateway.session;

import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.ReadProgress;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * An attachment's stream to one home: what goes up, and how much of what came down was read. Its
 * fields are guarded by the attachment's lock.
 */
final class HomeStream extends ClientCall.Listener<AttachResponse> {

  private static final long TELL_BYTES = ClientLink.WINDOW / 4;

  private final int id;
  private final HomeChannels.Lease lease;
  private final Reader reader;
  private final ClientCall<AttachRequest, AttachResponse> call;
  private boolean welcome;
  private long read;
  private long told;

  /** Who reads a stream; called on the call's thread, without a lock. */
  interface Reader {

    void next(HomeStream from, AttachResponse step);

    /** More can be sent. */
    void ready();

    void closed(HomeStream from, Status status, Metadata trailers);
  }

  /**
   * @param id tells an attachment's streams apart
   * @param lease given back when the stream is over
   */
  HomeStream(int id, HomeChannels.Lease lease, Reader reader) {
    this.id = id;
    this.lease = lease;
    this.reader = reader;
    this.call = lease.channel().newCall(SessionServiceGrpc.getAttachMethod(), CallOptions.DEFAULT);
  }

  int id() {
    return id;
  }

  void start(AttachHello hello) {
    call.start(this, new Metadata());
    // The home itself sends no more than what is passed on, and a little.
    call.request(Integer.MAX_VALUE);
    call.sendMessage(AttachRequest.newBuilder().setHello(hello).build());
  }

  void send(ClientFrame frame) {
    call.sendMessage(AttachRequest.newBuilder().setFrame(frame).build());
  }

  /** So many bytes more have gone on to the client. */
  void read(int bytes) {
    read += bytes;
    if (read - told >= TELL_BYTES) {
      told = read;
      call.sendMessage(
          AttachRequest.newBuilder().setRead(ReadProgress.newBuilder().setBytes(read)).build());
    }
  }

  /**
   * The home has spoken.
   *
   * @return whether for the first time
   */
  boolean welcomed() {
    boolean first = !welcome;
    welcome = true;
    return first;
  }

  /** Whether the home has spoken. */
  boolean isWelcome() {
    return welcome;
  }

  boolean isReady() {
    return welcome && call.isReady();
  }

  void cancel(String why) {
    call.cancel(why, null);
  }

  @Override
  public void onMessage(AttachResponse step) {
    reader.next(this, step);
  }

  @Override
  public void onReady() {
    reader.ready();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    lease.release();
    reader.closed(this, status, trailers);
  }
}
