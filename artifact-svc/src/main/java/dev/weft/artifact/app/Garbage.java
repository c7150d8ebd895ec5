package dev.weft.artifact.app;

import java.util.Collection;
import java.util.List;

/**
 * What nobody needs any more. One replica at a time: each step does nothing while another replica
 * is at it. A row goes first and its bytes afterwards: what lies under a location without a row is
 * found by a scan.
 */
public interface Garbage {

  /**
   * Removes artifacts whose time is over.
   *
   * @return how many; fewer than the limit: all
   */
  int expire(int limit);

  /**
   * Removes the rows of blobs that nothing has held or touched for the grace time.
   *
   * @return whose bytes can be deleted
   */
  List<Location> sweep(int limit);

  /** Those of the locations that no row knows. */
  List<String> unknown(String tenant, Collection<String> locations);

  /**
   * Removes some of a tenant's rows, whoever is at it besides.
   *
   * @return whose bytes can be deleted; empty: nothing is left
   */
  List<Location> erase(String tenant, int limit);

  /** Bytes in the blob store. */
  record Location(String tenant, String location) {}
}
