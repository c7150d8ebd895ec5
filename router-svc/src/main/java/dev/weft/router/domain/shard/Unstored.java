package dev.weft.router.domain.shard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has changed in memory and is not stored yet. A user's new seat comes in a page of its own
 * turn; a shard is stored before anybody is in it, and goes after the last row that names it. One
 * thread.
 */
final class Unstored {

  private final Map<UserKey, Member> seats = new LinkedHashMap<>();
  private final Set<UserKey> forgotten = new LinkedHashSet<>();
  private final List<Shard> born = new ArrayList<>();
  private final Set<Integer> ended = new LinkedHashSet<>();

  void seat(Member member) {
    forgotten.remove(member.key());
    seats.put(member.key(), member);
  }

  void forgotten(UserKey user) {
    seats.remove(user);
    forgotten.add(user);
  }

  void born(Shard shard) {
    born.add(shard);
  }

  void ended(int number) {
    ended.add(number);
  }

  boolean isEmpty() {
    return seats.isEmpty() && forgotten.isEmpty() && born.isEmpty() && ended.isEmpty();
  }

  /**
   * What is to be stored next.
   *
   * @param emptied ended shards that nobody is in
   * @param most rows of users; the others' turn comes after them
   */
  ShardChanges changes(long version, List<Integer> emptied, int most) {
    boolean all = seats.size() <= most && forgotten.size() <= most;
    return new ShardChanges(
        version,
        born,
        List.copyOf(ended),
        forgotten.stream().limit(most).toList(),
        seats.values().stream().limit(most).map(Member::seat).toList(),
        all ? emptied : List.of());
  }

  /** They are durable. What has changed meanwhile is still to be. */
  void stored(ShardChanges changes) {
    born.removeAll(changes.shards());
    ended.removeAll(Set.copyOf(changes.ended()));
    changes.forgotten().forEach(forgotten::remove);
    for (Seat seat : changes.seats()) {
      Member member = seats.get(seat.user());
      if (member != null && member.seat().equals(seat)) {
        seats.remove(seat.user());
      }
    }
  }
}
