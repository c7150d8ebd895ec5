package dev.weft.bench;

import java.util.Locale;

/**
 * What a figure is to reach.
 *
 * @param upper whether it is to be at most this, or at least
 */
record Goal(String what, boolean upper, double limit, String unit) {

  static Goal atMost(double limit, String unit, String what) {
    return new Goal(what, true, limit, unit);
  }

  static Goal atLeast(double limit, String unit, String what) {
    return new Goal(what, false, limit, unit);
  }

  boolean met(double measured) {
    return upper ? measured <= limit : measured >= limit;
  }

  /** In words, with how much is missing. */
  String verdict(double measured) {
    String wanted =
        String.format(
            Locale.ROOT,
            "%s: %.2f %s (goal: at %s %.2f)",
            what,
            measured,
            unit,
            upper ? "most" : "least",
            limit);
    if (met(measured)) {
      return wanted + ": met";
    }
    double times = upper ? measured / limit : limit / measured;
    String factor = Double.isFinite(times) ? String.format(Locale.ROOT, ", %.1f times", times) : "";
    return String.format(
        Locale.ROOT, "%s: MISSED by %.2f %s%s", wanted, Math.abs(measured - limit), unit, factor);
  }

  void judge(double measured, Report report) {
    report.note(verdict(measured));
  }
}
