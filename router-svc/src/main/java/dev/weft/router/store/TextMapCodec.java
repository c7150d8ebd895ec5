package dev.weft.router.store;

import java.util.LinkedHashMap;
import java.util.Map;

/** A problem's metadata as bytes; nothing for the usual empty one. */
final class TextMapCodec {

  private TextMapCodec() {}

  static byte[] encode(Map<String, String> texts) {
    ByteSink sink = new ByteSink(16);
    texts.forEach((key, value) -> sink.text(key).text(value));
    return sink.toBytes();
  }

  static Map<String, String> decode(byte[] bytes) {
    Map<String, String> texts = new LinkedHashMap<>();
    ByteSource source = new ByteSource(bytes);
    while (source.hasMore()) {
      texts.put(source.text(), source.text());
    }
    return texts;
  }
}
