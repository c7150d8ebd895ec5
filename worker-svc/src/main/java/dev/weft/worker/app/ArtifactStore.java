package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The mesh's artifacts, as an attempt may use them by its lease. Every call blocks, tries other
 * replicas while there is hope, and gives up with ARTIFACTS_UNAVAILABLE.
 */
public interface ArtifactStore {

  /**
   * Who asks.
   *
   * @param halt breaks the call off
   * @param traceparent W3C trace context of the attempt; empty when it is seen by nobody
   */
  record Errand(AttemptKey lease, Halt halt, String traceparent) {}

  /** What an artifact is. */
  StoredArtifact find(Errand errand, String artifactId)
      throws CarryException, HaltedException, InterruptedException;

  /**
   * Reads a tree; it has not been judged yet.
   *
   * @param mostBytes what it may take on its way, or WORKSPACE_TOO_LARGE; the store has a bound too
   */
  Tree tree(Errand errand, String artifactId, long mostBytes)
      throws CarryException, HaltedException, InterruptedException;

  /** Fetches blobs in this order; what a broken try brought whole is not asked for again. */
  void fetch(Errand errand, List<Digest> digests, BlobSink sink)
      throws CarryException, HaltedException, IOException, InterruptedException;

  /** Which of them the tenant does not hold. */
  Set<Digest> missing(Errand errand, Collection<Digest> digests)
      throws CarryException, HaltedException, InterruptedException;

  /** Stores blobs that are missing. */
  void store(Errand errand, List<Parcel> parcels)
      throws CarryException, HaltedException, IOException, InterruptedException;

  /**
   * Stores a tree under a name.
   *
   * @param lifetime how long it is kept; 365 days at most
   */
  StoredTree storeTree(Errand errand, String name, Tree tree, Duration lifetime)
      throws CarryException, HaltedException, InterruptedException;

  /**
   * Makes a file's bytes, which are stored already, an artifact under a name.
   *
   * @return its id
   */
  String storeFile(Errand errand, String name, Digest digest, long size, Duration lifetime)
      throws CarryException, HaltedException, InterruptedException;

  /**
   * An artifact.
   *
   * @param name free; may be empty
   * @param tree whether it is one
   */
  record StoredArtifact(String id, String name, boolean tree, Digest digest, long size) {

    /** What a file of it is called: the end of its name, or its id. */
    public String lastName() {
      String last = name.substring(name.lastIndexOf('/') + 1);
      return last.isEmpty() ? id : last;
    }
  }

  /**
   * A tree that is an artifact now.
   *
   * @param digest of the tree's bytes
   */
  record StoredTree(String artifact, Digest digest) {}

  /** Takes blobs that come, one after the other. */
  interface BlobSink {

    void begin(Digest digest, long size) throws IOException, CarryException;

    void chunk(ByteBuffer bytes) throws IOException;

    /** The blob is whole; verified before it counts. */
    void end() throws IOException, CarryException;

    /** The blob that came is broken off; harmless when there is none. */
    void drop();
  }

  /** A blob to be stored. */
  interface Parcel {

    Digest digest();

    long size();

    Pieces open() throws IOException;
  }

  /** The bytes of a parcel, in order. */
  interface Pieces extends AutoCloseable {

    /** Fills the array from its start; 0 at the end. */
    int read(byte[] into) throws IOException;

    @Override
    void close();
  }
}
