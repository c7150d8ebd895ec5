package dev.weft.router.domain.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has changed in memory and is not stored yet. Users' rows come a page at a time, those first
 * that have been untrue for longest; a shard is stored before anybody is in it, and goes with the
 * last row that may name it. One thread.
 */
final class Unstored {

  /** In the order of their numbers. */
  private final Map<UserKey, Row> rows = new LinkedHashMap<>();

  private final List<Shard> born = new ArrayList<>();
  private final Set<Integer> ended = new LinkedHashSet<>();

  /** Of ended shards that nobody is in, the number of the last row that may name them. */
  private final Map<Integer, Long> lastNaming = new HashMap<>();

  private long numbered;

  /**
   * A row that is not as it should be.
   *
   * @param number rising with the time since when
   * @param member whose seat it should tell; null for no row
   */
  private record Row(long number, @Nullable Member member) {}

  void seat(Member member) {
    put(member.key(), member);
  }

  void forgotten(UserKey user) {
    put(user, null);
  }

  private void put(UserKey user, @Nullable Member member) {
    Row known = rows.get(user);
    rows.put(user, new Row(known == null ? ++numbered : known.number, member));
  }

  void born(Shard shard) {
    born.add(shard);
  }

  void ended(int number) {
    ended.add(number);
  }

  boolean isEmpty() {
    return rows.isEmpty() && born.isEmpty() && ended.isEmpty();
  }

  /**
   * What is to be stored next.
   *
   * @param emptied ended shards that nobody is in
   * @param most rows of users; the others' turn comes after them
   */
  ShardChanges changes(long version, List<Integer> emptied, int most) {
    List<UserKey> forgotten = new ArrayList<>();
    List<Seat> seats = new ArrayList<>();
    long upTo = numbered;
    for (Map.Entry<UserKey, Row> untrue : rows.entrySet()) {
      Row row = untrue.getValue();
      if (forgotten.size() + seats.size() == most) {
        upTo = row.number - 1;
        break;
      }
      if (row.member == null) {
        forgotten.add(untrue.getKey());
      } else {
        seats.add(row.member.seat());
      }
    }
    return new ShardChanges(
        version, born, List.copyOf(ended), forgotten, seats, unnamed(emptied, upTo));
  }

  /** Those that no row names once rows up to this number are true. */
  private List<Integer> unnamed(List<Integer> emptied, long upTo) {
    return emptied.stream()
        .filter(shard -> lastNaming.computeIfAbsent(shard, _ -> numbered) <= upTo)
        .toList();
  }

  /** They are durable. What has changed meanwhile is still to be. */
  void stored(ShardChanges changes) {
    born.removeAll(changes.shards());
    ended.removeAll(Set.copyOf(changes.ended()));
    changes.gone().forEach(lastNaming::remove);
    for (UserKey user : changes.forgotten()) {
      Row row = rows.get(user);
      if (row != null && row.member == null) {
        rows.remove(user);
      }
    }
    for (Seat seat : changes.seats()) {
      Row row = rows.get(seat.user());
      if (row != null && row.member != null && row.member.seat().equals(seat)) {
        rows.remove(seat.user());
      }
    }
  }
}
