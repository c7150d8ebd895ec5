package dev.weft.platform.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * 256 bits that wrap the data keys of {@link EnvelopeCipher}; named by an id that does not reveal
 * them.
 */
public final class MasterKey {

  static final int BYTES = 32;
  static final int ID_BYTES = 8;

  private final byte[] bytes;
  private final byte[] id;

  private MasterKey(byte[] bytes) {
    this.bytes = bytes;
    this.id = Arrays.copyOf(Fingerprints.sha256(labelled(bytes)), ID_BYTES);
  }

  /** Makes a new key. */
  public static MasterKey generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new MasterKey(bytes);
  }

  /** Takes 32 bytes. */
  public static MasterKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new SecurityFailure("master key: " + bytes.length + " bytes (expected: " + BYTES + ")");
    }
    return new MasterKey(bytes.clone());
  }

  /** Reads a file that {@link #write} made. */
  public static MasterKey read(Path file) {
    try {
      return of(Base64.getDecoder().decode(PrivateFiles.readText(file).strip()));
    } catch (IllegalArgumentException e) {
      throw new SecurityFailure("master key: " + file + " is not base64");
    }
  }

  /** Writes the key as base64 into a file that only its owner can read. */
  public void write(Path file) {
    PrivateFiles.writeText(file, Base64.getEncoder().encodeToString(bytes) + "\n");
  }

  /** The key's public name. */
  public String id() {
    return HexFormat.of().formatHex(id);
  }

  byte[] idBytes() {
    return id.clone();
  }

  SecretKey secretKey() {
    return new SecretKeySpec(bytes, "AES");
  }

  private static byte[] labelled(byte[] bytes) {
    byte[] label = "weft master key id\0".getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(label, label.length + bytes.length);
    System.arraycopy(bytes, 0, all, label.length, bytes.length);
    return all;
  }

  @Override
  public String toString() {
    return "MasterKey[" + id() + "]";
  }
}
