package dev.weft.bench;

/**
 * Whether an agent's frames come without a gap: within a body each number is the one after its
 * predecessor's, and no body comes back. Not safe for threads.
 */
final class FrameOrder {

  private int body;
  private long number;
  private boolean torn;

  /** The session has said itself that frames are missing before the next one. */
  void gap() {
    torn = true;
  }

  /**
   * A frame has come.
   *
   * @param cursor body and number, as the session protocol writes them
   * @throws BenchFailure if it is not the next one
   */
  void take(String cursor) {
    int dot = cursor.indexOf('.');
    take(Integer.parseInt(cursor.substring(0, dot)), Long.parseLong(cursor.substring(dot + 1)));
  }

  void take(int ofBody, long its) {
    boolean later = ofBody == body ? its > number : ofBody > body;
    boolean next = ofBody == body ? its == number + 1 : its == 1;
    if (!later || !(next || torn || body == 0)) {
      throw new BenchFailure(
          "frame %d.%d came after %d.%d (expected: none missing, none twice)"
              .formatted(ofBody, its, body, number));
    }
    body = ofBody;
    number = its;
    torn = false;
  }

  /** Of the last frame; empty before the first. */
  String cursor() {
    return body == 0 ? "" : body + "." + number;
  }
}
