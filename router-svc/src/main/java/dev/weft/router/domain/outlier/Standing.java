package dev.weft.router.domain.outlier;

/** A worker's record within a scope, from its first ejection until that is forgiven. */
final class Standing {

  /** The last one. */
  Ejection ejection;

  /** It gets nothing. */
  boolean out = true;

  /** It gets one attempt at a time. */
  boolean probing;

  /** The fence of that attempt while it is open; 0 while there is none. */
  long probe;

  /** The last one said nothing; the next begins after the next look, so that none follow fast. */
  boolean resting;

  int good;
  int bad;

  /** On the monotonic clock: when it came back the last time; holds once it did. */
  long backAt;

  private boolean returned;

  Standing(Ejection first) {
    ejection = first;
  }

  void eject(Ejection next) {
    ejection = next;
    out = true;
    probing = false;
    resting = false;
    probe = 0;
  }

  void back(long now) {
    out = false;
    returned = true;
    backAt = now;
    probing = true;
    begin();
  }

  /** What it has shown on probation is used up. */
  void begin() {
    good = 0;
    bad = 0;
  }

  /** It gets nothing of this work now. */
  boolean away() {
    return out || probe != 0 || resting;
  }

  /** It neither is out nor has anything to show. */
  boolean cleared() {
    return !out && !probing;
  }

  /** What was leased before its return is not held against it. */
  boolean settled(long leasedAt) {
    return returned && (leasedAt == 0 || leasedAt - backAt < 0);
  }

  /** The next ejection is a first again. */
  boolean forgiven(long now, long afterNanos) {
    return !out && probe == 0 && now - backAt > afterNanos;
  }

  String text() {
    return out ? ejection.text() : ejection.probationText();
  }
}
