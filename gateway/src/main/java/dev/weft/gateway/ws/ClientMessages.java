package dev.weft.gateway.ws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.proto.internal.session.v1.ClientFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * What a client says: its frames put together to messages, and read. On the connection's event
 * loop.
 */
final class ClientMessages {

  private static final int MOST_STRIKES = 3;

  private final String traceparent;
  private final Listener listener;
  private Buffer message = Buffer.buffer();
  private boolean isText;
  private int strikes;

  /** Who is told what a client says. */
  interface Listener {

    void said(ClientFrame frame);

    /**
     * A message has no effect.
     *
     * @param about the command that it is about; empty is none
     */
    void refused(RuntimeException why, String about);

    /** The connection can't go on. */
    void broken(CloseCode why);
  }

  /**
   * @param traceparent the client's position in its trace; empty outside one
   */
  ClientMessages(String traceparent, Listener listener) {
    this.traceparent = traceparent;
    this.listener = listener;
  }

  /** Takes a frame, which may end a message. Frames that are no part of one are nothing here. */
  void frame(WebSocketFrame frame) {
    if (!(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    if (!frame.isContinuation()) {
      isText = frame.isText();
    }
    Buffer part = frame.binaryData();
    if (message.length() + part.length() > SessionSocket.MOST_FRAME) {
      listener.broken(CloseCode.TOO_LARGE);
      return;
    }
    message.appendBuffer(part);
    if (frame.isFinal()) {
      byte[] bytes = message.getBytes();
      message = Buffer.buffer();
      if (isText) {
        text(bytes);
      } else if (bytes.length > 0) {
        listener.said(
            ClientFrame.newBuilder().setTerminalInput(ByteString.copyFrom(bytes)).build());
      }
    }
  }

  private void text(byte[] bytes) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      listener.broken(CloseCode.NOT_UTF8);
      return;
    }
    JsonObject words = new JsonObject();
    try {
      words = ClientWords.object(text);
      ClientFrame frame = ClientWords.frame(words, traceparent);
      strikes = 0;
      listener.said(frame);
    } catch (InvalidRequest e) {
      strikes = 0;
      listener.refused(e, ClientWords.about(words));
    } catch (NotUnderstood e) {
      strikes++;
      listener.refused(e.problem(), ClientWords.about(words));
      if (strikes >= MOST_STRIKES) {
        listener.broken(CloseCode.NOT_UNDERSTOOD);
      }
    }
  }
}
