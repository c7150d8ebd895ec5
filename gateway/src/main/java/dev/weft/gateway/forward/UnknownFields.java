package dev.weft.gateway.forward;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.weft.gateway.domain.NotSupportedYet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fields that this build has never heard of. What a newer client asks for must not be dropped in
 * silence: it could be what keeps the task safe, or what restricts a filter.
 */
final class UnknownFields {

  /**
   * The few fields of each type that are looked at: to go through all of a task's takes longer than
   * the rest of what the door does with it.
   */
  private static final Map<Descriptor, List<FieldDescriptor>> PARTS = new ConcurrentHashMap<>();

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
    UnknownFieldSet unknown = message.getUnknownFields();
    if (!unknown.isEmpty()) {
      unknown.asMap().keySet().forEach(number -> fields.add(path + "#" + number));
    }
    for (FieldDescriptor field : parts(message)) {
      if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          Message part = (Message) message.getRepeatedField(field, i);
          add(part, path + field.getName() + "[" + i + "].", fields);
        }
      } else if (message.hasField(field)) {
        add((Message) message.getField(field), path + field.getName() + ".", fields);
      }
    }
  }

  /** Those that can hold unknown fields themselves; of a map that depends on its values. */
  private static List<FieldDescriptor> parts(Message message) {
    return PARTS.computeIfAbsent(
        message.getDescriptorForType(),
        type -> type.getFields().stream().filter(UnknownFields::isPart).toList());
  }

  private static boolean isPart(FieldDescriptor field) {
    return field.getJavaType() == JavaType.MESSAGE
        && (!field.isMapField()
            || field.getMessageType().findFieldByName("value").getJavaType() == JavaType.MESSAGE);
  }
}
