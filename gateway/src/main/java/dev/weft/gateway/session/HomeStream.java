package dev.weft.gateway.session;

import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.ReadProgress;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * An attachment's stream to one home: what goes up, and how much of what came down was read. Its
 * fields are guarded by the attachment's lock.
 */
final class HomeStream implements HomeLine.Listener {

  private static final long TELL_BYTES = ClientLink.LEAST_WINDOW / 4;

  private final int id;
  private final HomeLine line;
  private final Reader reader;
  private boolean welcome;
  private long read;
  private long told;

  /** Who reads a stream; called on the line's thread, without a lock. */
  interface Reader {

    void next(HomeStream from, AttachResponse step);

    /** More can be sent. */
    void ready();

    void closed(HomeStream from, Status status, Metadata trailers);
  }

  /**
   * @param id tells an attachment's streams apart
   * @param address of the home's gateway
   */
  HomeStream(int id, HomeLines lines, String address, Reader reader) {
    this.id = id;
    this.reader = reader;
    this.line = lines.to(address, this);
  }

  int id() {
    return id;
  }

  void start(AttachHello hello) {
    line.start(hello);
  }

  void send(ClientFrame frame) {
    line.send(AttachRequest.newBuilder().setFrame(frame).build());
  }

  /** So many bytes more have gone on to the client. */
  void read(int bytes) {
    read += bytes;
    if (read - told >= TELL_BYTES) {
      told = read;
      line.send(
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
    return welcome && line.isReady();
  }

  void cancel(String why) {
    line.cancel(why);
  }

  @Override
  public void next(AttachResponse step) {
    reader.next(this, step);
  }

  @Override
  public void ready() {
    reader.ready();
  }

  @Override
  public void closed(Status status, Metadata trailers) {
    reader.closed(this, status, trailers);
  }
}
