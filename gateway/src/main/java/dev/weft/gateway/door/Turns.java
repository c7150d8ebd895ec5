package dev.weft.gateway.door;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Replicas of which each serves alike, every connection beginning with the next one: a worker that
 * dials again because one fell silent reaches another.
 */
public final class Turns implements Supplier<List<String>> {

  private final Supplier<List<String>> addresses;
  private final AtomicInteger turn = new AtomicInteger();

  public Turns(Supplier<List<String>> addresses) {
    this.addresses = addresses;
  }

  @Override
  public List<String> get() {
    List<String> all = new ArrayList<>(addresses.get());
    Collections.sort(all);
    Collections.rotate(all, -turn.getAndIncrement());
    return all;
  }
}
