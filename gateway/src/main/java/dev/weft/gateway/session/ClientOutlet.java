package dev.weft.gateway.session;

import dev.weft.proto.internal.session.v1.AttachResponse;

/** By what a home speaks to one client. Called under the home's lock: it must only hand on. */
interface ClientOutlet {

  void deliver(AttachResponse step);

  /** Whether the way to the client takes more; else the visit is told when. */
  boolean takesMore();

  /** The client may say so many things more. */
  void request(int more);

  /** Nothing more comes, because of this. */
  void fail(Throwable why);

  /** Nothing more comes: the agent is over. */
  void complete();
}
