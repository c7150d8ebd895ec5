package dev.weft.gateway.session;

import dev.weft.proto.internal.session.v1.AttachResponse;

/** The client's side of a session. Called under the attachment's lock: it must only hand on. */
public interface SessionSink {

  /**
   * What the home says.
   *
   * @param stream by which it came, for {@link Attachment#passedOn}
   */
  void next(AttachResponse step, int stream);

  /** Another message of the client may be taken. */
  void ready();

  /** The agent is over, and everything was told. */
  void over();

  /** The session can't go on. */
  void failed(RuntimeException why);
}
