package dev.weft.gateway.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object of a message and refuses numbers that are short to write and huge to have:
 * 1e50000000 written out in full, as protobuf's reader does for integers, takes seconds. Numbers
 * are those of JSON, wherever they stand, and texts where the contract has a number; a text field
 * may hold any text.
 */
final class ModestNumbers {

  private static final int LONGEST = 64;
  private static final int GREATEST_EXPONENT = 400;
  private static final Pattern EXPONENT = Pattern.compile("[+-]?0*([0-9]{1,3})");

  private final JsonParser json;

  private ModestNumbers(JsonParser json) {
    this.json = json;
  }

  /**
   * Reads to the end of the object that has just begun.
   *
   * @throws dev.weft.platform.error.MeshException MALFORMED_MESSAGE
   */
  static void readObject(JsonParser json, Descriptor type) throws IOException {
    new ModestNumbers(json).object(type);
  }

  /**
   * @param type null where the contract knows none
   */
  private void object(@Nullable Descriptor type) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      FieldDescriptor field = type == null ? null : field(type, json.currentName());
      json.nextToken();
      value(field);
    }
  }

  private void map(FieldDescriptor entries) throws IOException {
    FieldDescriptor key = entries.getMessageType().findFieldByNumber(1);
    FieldDescriptor value = entries.getMessageType().findFieldByNumber(2);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (isNumber(key)) {
        check(json.currentName());
      }
      json.nextToken();
      value(value);
    }
  }

  /**
   * @param field whose value it is, or an element of it; null where the contract knows none
   */
  private void value(@Nullable FieldDescriptor field) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        if (field != null && field.isMapField()) {
          map(field);
        } else {
          object(message(field));
        }
      }
      case START_ARRAY -> {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          value(field);
        }
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> check(json.getText());
      case VALUE_STRING -> {
        if (isNumber(field)) {
          check(json.getText());
        }
      }
      default -> {}
    }
  }

  private static @Nullable FieldDescriptor field(Descriptor type, String name) {
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJsonName().equals(name) || field.getName().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /** Enums too: their values have numbers besides names. */
  private static boolean isNumber(@Nullable FieldDescriptor field) {
    if (field == null) {
      return false;
    }
    return switch (field.getJavaType()) {
      case INT, LONG, FLOAT, DOUBLE, ENUM -> true;
      case BOOLEAN, STRING, BYTE_STRING -> false;
      case MESSAGE -> isWrapped(field.getMessageType());
    };
  }

  /** google.protobuf.Int64Value and its like, which JSON writes as the bare value. */
  private static boolean isWrapped(Descriptor type) {
    return type.getFile().getFullName().equals("google/protobuf/wrappers.proto")
        && isNumber(type.findFieldByNumber(1));
  }

  private static @Nullable Descriptor message(@Nullable FieldDescriptor field) {
    return field != null && field.getJavaType() == JavaType.MESSAGE ? field.getMessageType() : null;
  }

  private static void check(String text) {
    if (text.length() > LONGEST || !isModest(text)) {
      throw ProtoJson.malformed("number: " + text);
    }
  }

  /** Names of enums and NaN begin with a letter, and expand to nothing. */
  private static boolean isModest(String text) {
    int mark = Math.max(text.lastIndexOf('e'), text.lastIndexOf('E'));
    if (mark < 0 || Character.isLetter(text.charAt(0))) {
      return true;
    }
    Matcher exponent = EXPONENT.matcher(text.substring(mark + 1));
    return exponent.matches() && Integer.parseInt(exponent.group(1)) <= GREATEST_EXPONENT;
  }
}
