package dev.weft.cli.tree;

import com.google.protobuf.ByteString;

/**
 * One file as it was packed.
 *
 * @param path from the packed directory, as bytes
 */
record PackedFile(ByteString path, ByteString digest, long size) {}
