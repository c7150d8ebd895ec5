package dev.weft.artifact.blob;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A tenant's name as one name in a directory or a key: lower-case letters, digits, - and _ as they
 * are, every other byte as = and two hex digits. One spelling per tenant, on file systems too that
 * know no case.
 */
public final class TenantFolder {

  private static final HexFormat HEX = HexFormat.of();

  private TenantFolder() {}

  public static String of(String tenant) {
    StringBuilder name = new StringBuilder();
    for (byte character : tenant.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(character)) {
        name.append((char) character);
      } else {
        name.append('=').append(HEX.toHexDigits(character));
      }
    }
    return name.toString();
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws IllegalArgumentException if it did not
   */
  public static String tenant(String folder) {
    byte[] bytes = new byte[folder.length()];
    int length = 0;
    for (int i = 0; i < folder.length(); i++) {
      char character = folder.charAt(i);
      if (character == '=') {
        bytes[length++] = (byte) HexFormat.fromHexDigits(folder, i + 1, i + 3);
        i += 2;
      } else {
        bytes[length++] = (byte) character;
      }
    }
    String tenant = new String(bytes, 0, length, StandardCharsets.UTF_8);
    if (!of(tenant).equals(folder)) {
      throw new IllegalArgumentException("folder: " + folder + " (expected: of a tenant)");
    }
    return tenant;
  }

  private static boolean isPlain(byte character) {
    return (character >= 'a' && character <= 'z')
        || (character >= '0' && character <= '9')
        || character == '-'
        || character == '_';
  }
}
