package dev.weft.router.domain.shard;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users of one shard: how many it has, and who belongs to it. */
final class Roll {

  /** That it has, wherever they belong. */
  int users;

  /** Those of them that belong elsewhere. */
  int leaving;

  /** When it was last split, or another joined to it; on the monotonic clock. */
  long changedNanos;

  private @Nullable Member first;
  private int belonging;

  Roll(long nanos) {
    changedNanos = nanos;
  }

  /** How many belong to it, wherever they are. */
  int belonging() {
    return belonging;
  }

  void enlist(Member member) {
    member.before = null;
    member.after = first;
    if (first != null) {
      first.before = member;
    }
    first = member;
    belonging++;
  }

  void strike(Member member) {
    if (member.before == null) {
      first = member.after;
    } else {
      member.before.after = member.after;
    }
    if (member.after != null) {
      member.after.before = member.before;
    }
    member.before = null;
    member.after = null;
    belonging--;
  }

  /** Copied, since what is done to a member may strike it off. */
  List<Member> members() {
    List<Member> all = new ArrayList<>(belonging);
    for (Member member = first; member != null; member = member.after) {
      all.add(member);
    }
    return all;
  }
}
