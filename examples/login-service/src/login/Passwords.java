package login;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Users and their salted, stretched passwords. */
final class Passwords {
  private static final int ROUNDS = 20_000;
  private static final int BITS = 256;

  private record Entry(byte[] salt, byte[] hash) {}

  private final Map<String, Entry> users = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  void add(String user, String password) {
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    users.put(user, new Entry(salt, hash(password, salt)));
  }

  /** Takes as long for a user that there isn't. */
  boolean matches(String user, String password) {
    Entry entry = users.getOrDefault(user, new Entry(new byte[16], new byte[BITS / 8]));
    return MessageDigest.isEqual(hash(password, entry.salt()), entry.hash());
  }

  private static byte[] hash(String password, byte[] salt) {
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
          .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ROUNDS, BITS))
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
