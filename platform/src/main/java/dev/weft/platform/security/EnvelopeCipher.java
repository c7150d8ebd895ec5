package dev.weft.platform.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets for storage: AES-256-GCM under a data key of its own per sealing, which is itself
 * sealed by a master key. The context (for example {@code tenant/name}) is authenticated, so a
 * sealed secret opens only where it was put. Layout: version, master key's id, nonce and sealed
 * data key, nonce and sealed bytes.
 */
public final class EnvelopeCipher {

  private static final byte VERSION = 1;
  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final int WRAPPED = MasterKey.BYTES + TAG;
  private static final int HEADER = 1 + MasterKey.ID_BYTES;
  private static final int OVERHEAD = HEADER + NONCE + WRAPPED + NONCE + TAG;

  private final MasterKey current;
  private final Map<String, MasterKey> byId = new HashMap<>();
  private final SecureRandom random = new SecureRandom();

  /**
   * @param current seals
   * @param former only open what they sealed before a rotation
   */
  public EnvelopeCipher(MasterKey current, MasterKey... former) {
    this.current = current;
    for (MasterKey key : former) {
      byId.put(key.id(), key);
    }
    byId.put(current.id(), current);
  }

  /** Seals bytes for one context. */
  public byte[] seal(byte[] plain, String context) {
    byte[] header = header(current);
    byte[] dataKey = new byte[MasterKey.BYTES];
    random.nextBytes(dataKey);
    try {
      byte[] wrapNonce = nonce();
      byte[] wrapped =
          gcm(Cipher.ENCRYPT_MODE, current.secretKey(), wrapNonce, header).doFinal(dataKey);
      byte[] nonce = nonce();
      byte[] sealed =
          gcm(Cipher.ENCRYPT_MODE, aes(dataKey), nonce, bound(header, context)).doFinal(plain);
      return ByteBuffer.allocate(OVERHEAD + plain.length)
          .put(header)
          .put(wrapNonce)
          .put(wrapped)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new SecurityFailure("sealing failed", e);
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  /**
   * Opens what {@link #seal} made for the same context.
   *
   * @throws SecurityFailure if the key is unknown, the context differs or a bit was changed
   */
  public byte[] open(byte[] sealed, String context) {
    if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
      throw new SecurityFailure("sealed bytes: not a version " + VERSION + " envelope");
    }
    byte[] header = Arrays.copyOf(sealed, HEADER);
    MasterKey master = masterKey(header);
    int wrapNonce = HEADER;
    int wrapped = wrapNonce + NONCE;
    int nonce = wrapped + WRAPPED;
    int body = nonce + NONCE;
    try {
      byte[] dataKey =
          gcm(
                  Cipher.DECRYPT_MODE,
                  master.secretKey(),
                  Arrays.copyOfRange(sealed, wrapNonce, wrapped),
                  header)
              .doFinal(sealed, wrapped, WRAPPED);
      try {
        return gcm(
                Cipher.DECRYPT_MODE,
                aes(dataKey),
                Arrays.copyOfRange(sealed, nonce, body),
                bound(header, context))
            .doFinal(sealed, body, sealed.length - body);
      } finally {
        Arrays.fill(dataKey, (byte) 0);
      }
    } catch (GeneralSecurityException e) {
      throw new SecurityFailure("sealed bytes: changed, or sealed for another context", e);
    }
  }

  private MasterKey masterKey(byte[] header) {
    String id = HexFormat.of().formatHex(header, 1, HEADER);
    MasterKey key = byId.get(id);
    if (key == null) {
      throw new SecurityFailure(
          "sealed bytes: by master key " + id + " (expected: " + byId.keySet() + ")");
    }
    return key;
  }

  private static byte[] header(MasterKey key) {
    return ByteBuffer.allocate(HEADER).put(VERSION).put(key.idBytes()).array();
  }

  private static byte[] bound(byte[] header, String context) {
    byte[] text = context.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(header.length + text.length).put(header).put(text).array();
  }

  private byte[] nonce() {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    return nonce;
  }

  private static SecretKey aes(byte[] bytes) {
    return new SecretKeySpec(bytes, "AES");
  }

  private static Cipher gcm(int mode, SecretKey key, byte[] nonce, byte[] authenticated)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
    cipher.updateAAD(authenticated);
    return cipher;
  }

  @Override
  public String toString() {
    return "EnvelopeCipher[" + current.id() + "]";
  }
}
