package dev.weft.router.domain.cell;

import dev.weft.router.domain.shard.UserKey;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The users who have open tasks, each by a small number, which a waiting task has room for. Who has
 * none is forgotten. One thread.
 */
final class UserTable {

  static final int MOST = (1 << TaskEntry.USER_BITS) - 1;

  private static final int SMALLEST = 16;

  private final Map<UserKey, UserShare> byKey = new HashMap<>();
  private @Nullable UserShare[] byCode = new UserShare[SMALLEST];
  private final Deque<Integer> free = new ArrayDeque<>();
  private int highest;

  /** A task of this user is open. */
  void opened(TaskEntry entry, UserKey user) {
    UserShare share = byKey.get(user);
    if (share == null) {
      share = new UserShare(code(), user);
      byKey.put(user, share);
      byCode[share.code] = share;
    }
    share.open++;
    entry.userCode(share.code);
  }

  private int code() {
    Integer known = free.poll();
    if (known != null) {
      return known;
    }
    if (highest == MOST) {
      throw new IllegalStateException("users with open tasks: more than " + MOST);
    }
    highest++;
    if (highest == byCode.length) {
      byCode = Arrays.copyOf(byCode, byCode.length * 2);
    }
    return highest;
  }

  /** Null for one without open tasks, and for nobody's empty name. */
  @Nullable UserShare find(String tenant, String name) {
    return name.isEmpty() || byKey.isEmpty() ? null : byKey.get(new UserKey(tenant, name));
  }

  /** Whose it is; null for nobody's. */
  @Nullable UserShare of(TaskEntry entry) {
    int code = entry.userCode();
    return code == 0 ? null : byCode[code];
  }

  /** It is not open any more. */
  void ended(TaskEntry entry) {
    UserShare share = of(entry);
    entry.userCode(0);
    if (share != null && --share.open == 0) {
      byKey.remove(share.user);
      byCode[share.code] = null;
      free.push(share.code);
    }
  }

  int size() {
    return byKey.size();
  }
}
