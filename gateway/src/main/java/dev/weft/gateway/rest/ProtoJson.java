package dev.weft.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.platform.error.MeshException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The contract's messages as JSON: protobuf's canonical mapping, with lowerCamelCase names; unknown
 * fields are refused.
 */
final class ProtoJson {

  private static final JsonFormat.Parser PARSER = JsonFormat.parser();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace().alwaysPrintFieldsWithNoPresence();
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("Cannot find field: (\\S+) in message (\\S+)");
  private static final Pattern UNKNOWN_ENUM =
      Pattern.compile("Invalid enum value: (\\S+) for enum type: (\\S+)");
  private static final int SHOWN = 200;

  /**
   * Protobuf's own reader takes much that is no JSON; this one reads first and takes nothing else.
   */
  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
          .build();

  private ProtoJson() {}

  /**
   * Reads a body; an empty one is the empty message.
   *
   * @throws InvalidRequest for a field or enum value that the contract does not have
   * @throws MeshException MALFORMED_MESSAGE for everything else
   */
  static <B extends Message.Builder> B parse(byte[] body, B builder) {
    String text = decode(body);
    if (text.isBlank()) {
      return builder;
    }
    requireModestJson(text, builder.getDescriptorForType());
    try {
      PARSER.merge(text, builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw refused(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Gson's way to say that a number or a nesting is beyond it.
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  static String print(Message message) {
    try {
      return PRINTER.print(message);
    } catch (IOException e) {
      throw new IllegalStateException("the contract has no Any", e);
    }
  }

  private static String decode(byte[] body) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("not UTF-8");
    }
  }

  private static void requireModestJson(String text, Descriptor type) {
    try (JsonParser json = STRICT.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("no JSON object");
      }
      ModestNumbers.readObject(json, type);
      if (json.nextToken() != null) {
        throw malformed("more than one JSON value");
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw malformed(
          e.getOriginalMessage()
              + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RuntimeException refused(String message) {
    Matcher field = UNKNOWN_FIELD.matcher(message);
    if (field.find()) {
      return InvalidRequest.of(field.group(1), "set", "a field of " + field.group(2));
    }
    Matcher value = UNKNOWN_ENUM.matcher(message);
    if (value.find()) {
      return InvalidRequest.of(
          simpleName(value.group(2)), value.group(1), "a value of " + value.group(2));
    }
    return malformed(message);
  }

  private static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  static MeshException malformed(String why) {
    String shown = why.length() > SHOWN ? why.substring(0, SHOWN) + "…" : why;
    return new MeshException(
        GatewayReason.MALFORMED_MESSAGE, "body: " + shown + " (expected: JSON of the request)");
  }
}
