package dev.weft.registry.app;

import java.util.ArrayList;
import java.util.List;

/** A lease in the test's hand. */
public final class FakeHolding implements Holding {

  private volatile boolean mine = true;
  private volatile String address = "";
  private final List<Long> over = new ArrayList<>();

  /** Somebody else holds the cell now. */
  public void lost(String holder) {
    mine = false;
    address = holder;
  }

  @Override
  public boolean mine() {
    return mine;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public synchronized void over(long epoch) {
    over.add(epoch);
  }

  public synchronized List<Long> overs() {
    return List.copyOf(over);
  }
}
