package dev.weft.cli.tree;

/** Told how far packing, sending and fetching are. */
public interface PackProgress {
  PackProgress SILENT = new PackProgress() {};

  /** So many files have been looked at. */
  default void packed(int files) {}

  /** So many bytes of all that have to travel are over. */
  default void moved(long bytes, long all) {}
}
