package dev.weft.worker.workspace;

import dev.weft.worker.app.ArtifactStore.Parcel;
import dev.weft.worker.app.ArtifactStore.Pieces;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.domain.tree.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jboss.logging.Logger;

/**
 * A file on its way out that this worker keeps as well, so that whoever brings the workspace back
 * here need not fetch it. What can't be kept goes out all the same.
 */
record KeptParcel(Parcel parcel, CacheHold hold) implements Parcel {

  private static final Logger LOG = Logger.getLogger(KeptParcel.class);

  @Override
  public Digest digest() {
    return parcel.digest();
  }

  @Override
  public long size() {
    return parcel.size();
  }

  @Override
  public Pieces open() throws IOException {
    return new Copied(parcel.open());
  }

  private final class Copied implements Pieces {

    private final Pieces from;
    private long left = parcel.size();
    private boolean keeps = true;

    Copied(Pieces from) {
      this.from = from;
      keep(() -> hold.begin(digest(), size()));
    }

    @Override
    public int read(byte[] into) throws IOException {
      int filled = from.read(into);
      left -= filled;
      if (filled > 0) {
        keep(() -> hold.chunk(ByteBuffer.wrap(into, 0, filled)));
      }
      return filled;
    }

    private void keep(Step step) {
      if (!keeps) {
        return;
      }
      try {
        step.run();
      } catch (IOException | CarryException e) {
        keeps = false;
        hold.drop();
        LOG.warnf("a file is not kept, a later start fetches it: error=%s", e.getMessage());
      }
    }

    @Override
    public void close() {
      try (from) {
        if (left == 0) {
          keep(hold::end);
        } else {
          hold.drop();
        }
      }
    }
  }

  private interface Step {
    void run() throws IOException, CarryException;
  }
}
