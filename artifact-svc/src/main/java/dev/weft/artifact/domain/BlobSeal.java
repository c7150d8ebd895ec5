package dev.weft.artifact.domain;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/** Digest, size and checks of bytes that pass by. Not for several threads. */
public final class BlobSeal {

  private final MessageDigest sha256 = Digest.sha256();
  private final CRC32C crc = new CRC32C();
  private final ByteArrayOutputStream sums = new ByteArrayOutputStream();
  private long size;

  /** Of content that is in memory. */
  public static Sealed of(byte[] content) {
    BlobSeal seal = new BlobSeal();
    seal.update(ByteBuffer.wrap(content));
    return seal.seal();
  }

  /** Takes what remains in the buffer; its position does not move. */
  public void update(ByteBuffer bytes) {
    sha256.update(bytes.duplicate());
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      int filled = (int) (size % BlobChecks.BLOCK);
      int taken = Math.min(rest.remaining(), BlobChecks.BLOCK - filled);
      crc.update(rest.slice(rest.position(), taken));
      rest.position(rest.position() + taken);
      size += taken;
      if (filled + taken == BlobChecks.BLOCK) {
        endBlock();
      }
    }
  }

  /** How many bytes have passed. */
  public long size() {
    return size;
  }

  /** To be called once. */
  public Sealed seal() {
    if (size % BlobChecks.BLOCK != 0) {
      endBlock();
    }
    return new Sealed(Digest.of(sha256.digest()), size, BlobChecks.of(sums.toByteArray()));
  }

  private void endBlock() {
    sums.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
    crc.reset();
  }

  /** What is known of bytes that have all passed. */
  public record Sealed(Digest digest, long size, BlobChecks checks) {}
}
