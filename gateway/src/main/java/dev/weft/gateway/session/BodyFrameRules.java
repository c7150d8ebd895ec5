package dev.weft.gateway.session;

import dev.weft.proto.internal.session.v1.SessionFrame;

/** What a body's frame may hold. */
final class BodyFrameRules {

  private static final int MOST_BYTES = 32 * 1024;
  private static final int MOST_SIZE = 64 * 1024;
  private static final int MOST_ID = 64;

  private BodyFrameRules() {}

  /**
   * Passes a frame that others can be handed.
   *
   * @throws dev.weft.platform.error.MeshException FRAME_INVALID
   */
  static void check(SessionFrame frame) {
    if (frame.getSerializedSize() > MOST_SIZE) {
      throw SessionRefusals.frame(frame.getSerializedSize() + " bytes", "at most " + MOST_SIZE);
    }
    switch (frame.getEventCase()) {
      case TERMINAL -> bytes(frame.getTerminal().size());
      case COMMAND_STARTED -> id(frame.getCommandStarted().getCommandId());
      case COMMAND_OUTPUT -> {
        id(frame.getCommandOutput().getCommandId());
        bytes(frame.getCommandOutput().getBytes().size());
      }
      case COMMAND_ENDED -> id(frame.getCommandEnded().getCommandId());
      case TERMINAL_ENDED, SNAPSHOT, NOTICE -> {}
      case EVENT_NOT_SET -> throw SessionRefusals.frame(frame.getNumber(), "one with an event");
    }
  }

  private static void bytes(int size) {
    if (size > MOST_BYTES) {
      throw SessionRefusals.frame(size + " bytes of output", "at most " + MOST_BYTES);
    }
  }

  private static void id(String commandId) {
    if (commandId.isEmpty() || commandId.length() > MOST_ID) {
      throw SessionRefusals.frame(
          commandId.length() + " characters of a command's id", "1.." + MOST_ID);
    }
  }
}
