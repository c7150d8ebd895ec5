package dev.weft.artifact.domain;

/**
 * What an artifact refers to and is called.
 *
 * @param name empty: none
 * @param taskId whose attempt made it; empty: a person's upload
 */
public record ArtifactContent(
    String name, Digest digest, long size, String mediaType, String taskId) {}
