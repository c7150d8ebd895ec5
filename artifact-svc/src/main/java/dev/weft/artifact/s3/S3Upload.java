package dev.weft.artifact.s3;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.domain.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** One object: in one piece if it is small, else part by part, so that one part is in memory. */
final class S3Upload implements BlobStore.Upload {

  /** 10,000 parts are allowed: 80 GB. */
  static final int PART = 8 << 20;

  private static final int FIRST = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Logger LOG = Logger.getLogger(S3Upload.class);

  private final S3Bucket bucket;
  private final String key;
  private final String location;
  private final String tenant;
  private final PartBuffers buffers;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer = new byte[FIRST];
  private int filled;
  private long size;
  private boolean counted;
  private @Nullable String upload;

  S3Upload(S3Bucket bucket, String key, String location, String tenant, PartBuffers buffers) {
    this.bucket = bucket;
    this.key = key;
    this.location = location;
    this.tenant = tenant;
    this.buffers = buffers;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      makeRoom(bytes.remaining());
      int taken = Math.min(bytes.remaining(), buffer.length - filled);
      bytes.get(buffer, filled, taken);
      filled += taken;
      size += taken;
      if (filled == PART) {
        putPart();
      }
    }
  }

  private void makeRoom(int more) throws IOException {
    if (filled + more <= buffer.length || buffer.length == PART) {
      return;
    }
    if (!counted) {
      await();
    }
    buffer =
        Arrays.copyOf(
            buffer, (int) Math.min(PART, Math.max(2L * buffer.length, filled + (long) more)));
  }

  private void await() throws IOException {
    try {
      counted = buffers.take(tenant, PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!counted) {
      throw new IOException("too many large uploads at once");
    }
  }

  private void putPart() throws IOException {
    String open = upload;
    if (open == null) {
      open = bucket.beginParts(key);
      upload = open;
    }
    parts.add(bucket.putPart(key, open, parts.size() + 1, buffer, filled));
    filled = 0;
  }

  @Override
  public String finish(Digest digest) throws IOException {
    String open = upload;
    if (open == null) {
      bucket.put(key, buffer, filled);
      return location;
    }
    if (filled > 0) {
      putPart();
    }
    bucket.endParts(key, open, parts, size);
    upload = null;
    return location;
  }

  @Override
  public void close() {
    if (counted) {
      counted = false;
      buffers.giveBack(tenant);
    }
    String open = upload;
    upload = null;
    if (open != null) {
      try {
        bucket.dropParts(key, open);
      } catch (IOException e) {
        LOG.warnf("an unfinished upload stays until the next scan: key=%s error=%s", key, e);
      }
    }
  }
}
