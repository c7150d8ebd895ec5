package dev.weft.router.domain.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Five thousand users come, work and rest, while shards split under them and placers die: second by
 * second, with rows that are stored late or, when a placer dies, not at all.
 */
class ShardSimulationTest {

  private static final int USERS = 5_000;
  private static final int A_SECOND = 20;
  private static final ShardMemory ROOMY =
      new ShardMemory() {
        @Override
        public double of(int shard) {
          return 0.3;
        }

        @Override
        public double beside(int shard) {
          return 0.3;
        }
      };

  private final Map<UserKey, Integer> rows = new HashMap<>();
  private final TreeMap<Integer, Shard> splits = new TreeMap<>();
  private final Set<Integer> ended = new TreeSet<>();
  private final Set<UserKey> busy = new HashSet<>();
  private final Map<UserKey, Member> known = new LinkedHashMap<>();
  private long version;
  private int day = 1;
  private long seconds;
  private int moves;
  private UserShards shards = takeOver();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eachUserIsInOneShardAndABusyOneStaysWhileTheMeshGrowsAndPlacersDie(long seed) {
    Random random = new Random(seed);
    int takeovers = 0;
    for (int users = 0; users < USERS; seconds++) {
      for (int i = 0; i < A_SECOND && users < USERS; i++) {
        hear(user(users++));
      }
      work(random);
      shards.reshape(ROOMY, time(), nanos());
      move();
      if (random.nextInt(10) > 0) {
        store(random.nextInt(200) + 1);
      }
      boolean splitting = shards.anyLeaving();
      if (splitting && random.nextInt(8) == 0) {
        shards = takeOver();
        takeovers++;
      }
      oneShardEach();
    }
    assertThat(takeovers).isGreaterThan(3);
    settle();

    assertThat(shards.figures()).allSatisfy(one -> assertThat(one.users()).isBetween(400, 1_200));
    assertThat(shards.figures().stream().mapToInt(ShardFigures::users).sum()).isEqualTo(USERS);
    // Some shards were split twice on the way: of four splits and a few, half of 1,200 move each.
    int parted = shards.figures().size() - 1;
    assertThat(parted).isBetween(4, 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void withoutTakeoversASplitMovesAboutHalfOfOneShardAndNobodyTwice(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 1_201; i++) {
      hear(user(i));
    }
    work(random);
    shards.reshape(ROOMY, time(), nanos());
    assertThat(shards.figures()).hasSize(2);
    settle();
    int once = moves;
    shards.reshape(ROOMY, time(), nanos());
    settle();

    assertThat(once).isBetween(515, 685);
    assertThat(moves).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whenMostHaveGoneTheirShardsJoinAgainWhilePlacersDieAndNobodyBusyIsMoved(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < USERS; i++) {
      hear(user(i));
    }
    shards.reshape(ROOMY, time(), nanos());
    while (shards.anyLeaving()) {
      move();
    }
    settle();
    assertThat(shards.figures()).hasSizeGreaterThan(4);
    day = 2;
    seconds = Duration.ofDays(2).toSeconds();
    known.keySet().removeIf(user -> Integer.parseInt(user.name().substring(5)) >= 200);
    List.copyOf(known.keySet()).forEach(this::hear);
    forgetOld();
    for (int i = 0; i < 300; i++) {
      work(random);
      later(random);
    }
    busy.clear();
    for (int i = 0; i < 100; i++) {
      later(random);
    }
    move();
    store(USERS * 2);
    store(USERS * 2);

    assertThat(shards.figures()).extracting(ShardFigures::users).containsExactly(200);
    assertThat(rows.keySet()).isEqualTo(known.keySet());
    assertThat(splits).isEmpty();
    assertThat(ended).isEmpty();
  }

  /** Ten minutes and more, so that a split or its end has had its time. */
  private void later(Random random) {
    seconds += 700;
    shards.reshape(ROOMY, time(), nanos());
    move();
    if (random.nextInt(10) > 0) {
      store(random.nextInt(200) + 1);
    }
    if (random.nextInt(8) == 0) {
      shards = takeOver();
      forgetOld();
    }
    oneShardEach();
  }

  /** Also those of whom a row was left. */
  private void forgetOld() {
    while (!shards.forgetBefore(day, _ -> false)) {
      // The next shard's turn.
    }
  }

  /** The users that rest go first; those that work when their rest comes. */
  private void settle() {
    Set<UserKey> waiting = new HashSet<>(busy);
    move();
    for (UserKey user : waiting) {
      Member member = Objects.requireNonNull(known.get(user));
      int before = member.shard();
      move();
      assertThat(member.shard()).isEqualTo(before);
      busy.remove(user);
    }
    move();
    assertThat(shards.anyLeaving()).isFalse();
    store(USERS * 2);
    assertThat(shards.changes(1).isEmpty()).isTrue();
  }

  private void work(Random random) {
    List<UserKey> all = new ArrayList<>(known.keySet());
    for (int i = 0; i < 100 && !all.isEmpty(); i++) {
      UserKey user = all.get(random.nextInt(all.size()));
      if (!busy.remove(user)) {
        busy.add(user);
        hear(user);
      }
    }
  }

  private void move() {
    Map<UserKey, Integer> before = new HashMap<>();
    busy.forEach(user -> before.put(user, Objects.requireNonNull(known.get(user)).shard()));
    moves += shards.move(member -> busy.contains(member.key()), 1_000);
    before.forEach(
        (user, shard) ->
            assertThat(Objects.requireNonNull(known.get(user)).shard()).isEqualTo(shard));
  }

  private void hear(UserKey user) {
    known.put(user, Objects.requireNonNull(shards.member(user, day)));
  }

  private void store(int most) {
    ShardChanges changes = shards.changes(most);
    assertThat(changes.version()).isGreaterThanOrEqualTo(version);
    version = changes.version();
    changes.shards().forEach(shard -> assertThat(splits.put(shard.number(), shard)).isNull());
    ended.addAll(changes.ended());
    changes.forgotten().forEach(rows::remove);
    changes
        .seats()
        .forEach(
            seat -> {
              assertThat(seat.shard() == 1 || splits.containsKey(seat.shard())).isTrue();
              rows.put(seat.user(), seat.shard());
            });
    assertThat(rows.values()).noneMatch(changes.gone()::contains);
    changes.gone().forEach(splits::remove);
    ended.removeAll(Set.copyOf(changes.gone()));
    shards.stored(changes);
  }

  /** With what is stored; who has work in flight is read from its task's spec. */
  private UserShards takeOver() {
    UserShards next = new UserShards(ShardPolicy.STANDARD);
    List<Seat> seats = new ArrayList<>();
    rows.forEach((user, shard) -> seats.add(new Seat(user, shard, 1)));
    StoredShards stored = new StoredShards(version, List.copyOf(splits.values()), ended, seats);
    stored.parts(300).forEach(part -> next.adopt(part, nanos()));
    known.replaceAll((user, _) -> Objects.requireNonNull(next.member(user, day)));
    known.forEach(
        (user, member) -> {
          if (rows.containsKey(user)) {
            assertThat(member.shard()).isEqualTo(rows.get(user));
          }
        });
    return next;
  }

  /** Counted anew from the users themselves. */
  private void oneShardEach() {
    Map<Integer, Integer> users = new HashMap<>();
    known.values().forEach(member -> users.merge(member.shard(), 1, Integer::sum));
    for (ShardFigures one : shards.figures()) {
      assertThat(one.users()).isEqualTo(users.getOrDefault(one.shard().number(), 0));
    }
    assertThat(users.keySet()).allSatisfy(number -> assertThat(number).isPositive());
    assertThat(shards.figures().stream().mapToInt(ShardFigures::users).sum())
        .isGreaterThanOrEqualTo(known.size());
  }

  private Instant time() {
    return Instant.ofEpochSecond(seconds);
  }

  private long nanos() {
    return seconds * 1_000_000_000;
  }

  private static UserKey user(int number) {
    return new UserKey("tenant-" + number % 3, "user-" + number);
  }
}
