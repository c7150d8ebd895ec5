package dev.weft.cli.ignore;

import java.util.BitSet;

/** One step of a glob. Bytes are 0..255. */
sealed interface GlobToken {

  /** Exactly this byte. */
  record Literal(int value) implements GlobToken {}

  /** {@code ?}: one byte, not a slash. */
  record AnyByte() implements GlobToken {}

  /** {@code [a-z]}: one of these bytes, never a slash. */
  record OneOf(BitSet bytes) implements GlobToken {}

  /** {@code *}: any bytes without a slash. */
  record Star() implements GlobToken {}

  /** {@code **}: any bytes. */
  record Deep() implements GlobToken {}

  /** A double star and its slash: nothing, or any bytes that end with a slash. */
  record DeepFolders() implements GlobToken {}
}
