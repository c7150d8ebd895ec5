package dev.weft.gateway.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/**
 * OpenAPI schemas of the contract's messages: what protobuf's canonical JSON mapping reads and
 * writes.
 */
final class ProtoSchemas {

  private static final String DURATION = "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$";

  private final Map<String, Schema> byName = new TreeMap<>();

  /** A reference to the message's schema, which is added with all that it refers to. */
  Schema reference(Descriptor message) {
    String name = message.getFullName();
    if (name.equals(Timestamp.getDescriptor().getFullName())) {
      return type(SchemaType.STRING).format("date-time");
    }
    if (name.equals(Duration.getDescriptor().getFullName())) {
      return type(SchemaType.STRING).pattern(DURATION).addExample("3.5s");
    }
    if (!byName.containsKey(name)) {
      Schema schema =
          type(SchemaType.OBJECT)
              .additionalPropertiesSchema(OASFactory.createSchema().booleanSchema(false));
      byName.put(name, schema);
      for (FieldDescriptor field : message.getFields()) {
        schema.addProperty(field.getJsonName(), of(field));
      }
    }
    return OASFactory.createSchema().ref("#/components/schemas/" + name);
  }

  /** Everything referred to so far, by full name. */
  Map<String, Schema> all() {
    return byName;
  }

  private Schema of(FieldDescriptor field) {
    if (field.isMapField()) {
      FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
      return type(SchemaType.OBJECT).additionalPropertiesSchema(single(value));
    }
    Schema one = single(field);
    return field.isRepeated() ? type(SchemaType.ARRAY).items(one) : one;
  }

  private Schema single(FieldDescriptor field) {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32 -> type(SchemaType.INTEGER).format("int32");
      case UINT32, FIXED32 -> type(SchemaType.INTEGER).format("int64");
      // JSON numbers of other languages hold 53 bits only.
      case INT64, SINT64, SFIXED64 -> type(SchemaType.STRING).format("int64");
      case UINT64, FIXED64 -> type(SchemaType.STRING).format("uint64");
      case DOUBLE -> type(SchemaType.NUMBER).format("double");
      case FLOAT -> type(SchemaType.NUMBER).format("float");
      case BOOL -> type(SchemaType.BOOLEAN);
      case STRING -> type(SchemaType.STRING);
      case BYTES -> type(SchemaType.STRING).format("byte");
      case ENUM -> {
        List<String> names =
            field.getEnumType().getValues().stream().map(EnumValueDescriptor::getName).toList();
        yield type(SchemaType.STRING).enumeration(List.copyOf(names));
      }
      case MESSAGE -> reference(field.getMessageType());
      case GROUP -> throw new IllegalStateException("proto3 has no groups");
    };
  }

  static Schema type(SchemaType type) {
    return OASFactory.createSchema().addType(type);
  }
}
