package dev.weft.cli.client;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a client says in a session; safe for concurrent use. */
public interface SessionVoice {

  /** Sends one message; false if there is no connection: it is for the caller to say it again. */
  boolean say(ObjectNode message);

  /** Sends keystrokes, at most once; false if they are lost. */
  boolean type(byte[] bytes, int length);
}
