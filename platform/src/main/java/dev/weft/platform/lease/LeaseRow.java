package dev.weft.platform.lease;

/** The lease as it stands in the database. */
record LeaseRow(long epoch, String holder, String address, long beat) {

  boolean free() {
    return holder.isEmpty();
  }

  HolderHint hint() {
    return new HolderHint(epoch, holder, address);
  }
}
