package dev.weft.artifact;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.app.StoreMark;

/** A blob store with its half of the mark. */
record MarkedStore(BlobStore blobs, StoreMark.InStore mark, Runnable closing) {}
