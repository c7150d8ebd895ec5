package dev.weft.gateway.session;

import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * One client's line to one home, wherever that is. What is said arrives in its order, once, while
 * the line stands; the home lets it say one thing more at a time. Nothing here waits.
 */
public interface HomeLine {

  /** Says who comes; first, and once. */
  void start(AttachHello hello);

  /** Says something more. What the home does not take yet waits. */
  void send(AttachRequest step);

  /** Whether the home takes another; if not, its listener is told when. */
  boolean isReady();

  /** The client has gone: its listener is told little more. */
  void cancel(String why);

  /** Who hears the home: one thing at a time, in its order, never within a call above. */
  interface Listener {

    void next(AttachResponse step);

    /** The home takes another. */
    void ready();

    /** Nothing more comes. OK: the agent is over and all was told. */
    void closed(Status status, Metadata trailers);
  }
}
