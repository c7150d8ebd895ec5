package dev.weft.worker.domain.tree;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Tells two trees apart without keeping them: equal ones have one print, others another. */
public final class TreePrint {

  private TreePrint() {}

  public static Digest of(Tree tree) {
    MessageDigest hash = sha256();
    tree.entries().forEach(entry -> add(hash, entry));
    tree.removed().forEach(path -> text(hash, 'r', path.bytes()));
    return Digest.of(hash.digest());
  }

  private static void add(MessageDigest hash, TreeEntry entry) {
    switch (entry) {
      case TreeEntry.Regular file -> {
        text(hash, 'f', file.path().bytes());
        numbers(hash, file.mode(), file.size(), file.modifiedNanos());
        hash.update(file.digest().bytes());
      }
      case TreeEntry.Directory directory -> {
        text(hash, 'd', directory.path().bytes());
        numbers(hash, directory.mode(), directory.modifiedNanos());
      }
      case TreeEntry.Link link -> {
        text(hash, 'l', link.path().bytes());
        text(hash, 't', link.target());
      }
    }
  }

  private static void text(MessageDigest hash, char kind, byte[] bytes) {
    numbers(hash, kind, bytes.length);
    hash.update(bytes);
  }

  private static void numbers(MessageDigest hash, long... numbers) {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * numbers.length);
    for (long number : numbers) {
      buffer.putLong(number);
    }
    hash.update(buffer.array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
