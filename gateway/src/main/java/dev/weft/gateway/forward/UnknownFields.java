package dev.weft.gateway.forward;

import com.google.protobuf.Message;
import dev.weft.gateway.domain.NotSupportedYet;
import java.util.ArrayList;
import java.util.List;

/**
 * Fields that this build has never heard of. What a newer client asks for must not be dropped in
 * silence: it could be what keeps the task safe, or what restricts a filter.
 */
final class UnknownFields {

  private UnknownFields() {}

  /** Their paths, with numbers for names. */
  static List<String> of(Message message) {
    List<String> fields = new ArrayList<>();
    add(message, "", fields);
    return fields;
  }

  /**
   * Passes a message without them.
   *
   * @throws NotSupportedYet naming the first one
   */
  static void refuse(Message message) {
    List<String> fields = of(message);
    if (!fields.isEmpty()) {
      throw new NotSupportedYet(fields.getFirst());
    }
  }

  private static void add(Message message, String path, List<String> fields) {
    message.getUnknownFields().asMap().keySet().forEach(number -> fields.add(path + "#" + number));
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (value instanceof Message part) {
                add(part, path + field.getName() + ".", fields);
              } else if (value instanceof List<?> parts) {
                for (int i = 0; i < parts.size(); i++) {
                  if (parts.get(i) instanceof Message part) {
                    add(part, path + field.getName() + "[" + i + "].", fields);
                  }
                }
              }
            });
  }
}
