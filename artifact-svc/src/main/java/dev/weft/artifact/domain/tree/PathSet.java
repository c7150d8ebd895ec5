package dev.weft.artifact.domain.tree;

import dev.weft.artifact.domain.Digest;

/**
 * Paths by 128 bits of their SHA-256: 16 bytes for each, however long it is. Who finds two paths
 * with the same ones gets a tree refused that could have been taken, or one taken that no worker
 * unpacks.
 */
final class PathSet {

  private static final int FIRST = 64;

  /** Two numbers for each place; the second one of a taken place is odd. */
  private long[] places = new long[2 * FIRST];

  private int size;

  int size() {
    return size;
  }

  /** Whether it was not there. */
  boolean add(byte[] path) {
    Digest digest = Digest.ofContent(path);
    int place = place(places, digest.a(), digest.b() | 1);
    if (places[place + 1] != 0) {
      return false;
    }
    places[place] = digest.a();
    places[place + 1] = digest.b() | 1;
    size++;
    if (size > places.length / 3) {
      grow();
    }
    return true;
  }

  boolean contains(byte[] path) {
    Digest digest = Digest.ofContent(path);
    return places[place(places, digest.a(), digest.b() | 1) + 1] != 0;
  }

  /** Where it is, or the free place where it belongs. */
  private static int place(long[] places, long high, long low) {
    int mask = places.length - 2;
    int place = (int) high << 1 & mask;
    while (places[place + 1] != 0 && (places[place] != high || places[place + 1] != low)) {
      place = place + 2 & mask;
    }
    return place;
  }

  private void grow() {
    long[] larger = new long[2 * places.length];
    for (int from = 0; from < places.length; from += 2) {
      if (places[from + 1] != 0) {
        int place = place(larger, places[from], places[from + 1]);
        larger[place] = places[from];
        larger[place + 1] = places[from + 1];
      }
    }
    places = larger;
  }
}
