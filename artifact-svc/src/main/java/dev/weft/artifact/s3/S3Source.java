package dev.weft.artifact.s3;

import dev.weft.artifact.app.BlobStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object that is read on from where the last read ended; a body that breaks off, or that waited
 * too long for a slow reader, is asked for again from there.
 */
final class S3Source implements BlobStore.Source {

  private static final Logger LOG = Logger.getLogger(S3Source.class);
  private static final int TRIES = 3;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final S3Bucket bucket;
  private final String key;
  private @Nullable ResponseInputStream<GetObjectResponse> body;
  private long position;

  /** Asks for the whole, since that is what most read. */
  S3Source(S3Bucket bucket, String key) throws IOException {
    this.bucket = bucket;
    this.key = key;
    this.body = bucket.get(key, 0);
  }

  @Override
  public int read(long from, byte[] target) throws IOException {
    int filled = 0;
    for (int failures = 0; ; ) {
      try {
        ResponseInputStream<GetObjectResponse> open = at(from + filled);
        if (open == null) {
          return filled;
        }
        while (filled < target.length) {
          int count = open.read(target, filled, target.length - filled);
          if (count < 0) {
            return filled;
          }
          filled += count;
          position += count;
        }
        return filled;
      } catch (NoSuchFileException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        close();
        if (++failures == TRIES) {
          throw e instanceof IOException io ? io : new IOException(e);
        }
        LOG.debugf("a body broke off and is asked for again: key=%s error=%s", key, e);
      }
    }
  }

  /** Null: the object ends before. */
  private @Nullable ResponseInputStream<GetObjectResponse> at(long wanted) throws IOException {
    ResponseInputStream<GetObjectResponse> open = body;
    if (open != null && position == wanted) {
      return open;
    }
    close();
    try {
      open = bucket.get(key, wanted);
    } catch (IOException e) {
      if (S3Bucket.isRefused(e, RANGE_NOT_SATISFIABLE)) {
        return null;
      }
      throw e;
    }
    body = open;
    position = wanted;
    return open;
  }

  @Override
  public void close() {
    ResponseInputStream<GetObjectResponse> open = body;
    body = null;
    if (open != null) {
      // Not closed: that would read all that is left.
      open.abort();
    }
  }
}
