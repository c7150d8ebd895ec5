package dev.weft.worker.domain.agent;

import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.tree.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * A whole workspace as it was stored.
 *
 * @param manifest digest of the stored tree
 * @param paths entries of the tree
 * @param incomplete what could not be kept
 */
public record SavedWorkspace(
    String artifact, Digest manifest, int paths, Instant takenAt, Optional<Failure> incomplete) {}
