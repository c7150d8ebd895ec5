package dev.weft.scaler.app;

/** A lease in the test's hand. */
public final class FakeHolding implements Holding {

  public volatile boolean mine = true;
  public volatile String address = "";
  public volatile long over;

  @Override
  public boolean mine() {
    return mine;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public void over(long epoch) {
    over = epoch;
    mine = false;
  }
}
