package dev.weft.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.PostgresProcess;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Contenders for a cell over a real PostgreSQL. */
@WithPostgres
class CellLeaseIT {
  private static final Duration PROMPT = Duration.ofSeconds(2);
  private static final Duration TAKEOVER = Duration.ofSeconds(5);

  private final PostgresProcess postgres;
  private final CellSchema schema;
  private final List<CellLease> started = new ArrayList<>();

  CellLeaseIT(ScratchDatabase database) throws SQLException {
    postgres = database.server();
    schema = new CellSchema(database);
    schema.reset();
  }

  @AfterEach
  void stopContenders() {
    started.forEach(CellLease::close);
  }

  @Test
  void oneOfTwoContendersHolds() {
    Node first = contender("one");
    Node second = contender("two");

    await().atMost(PROMPT).until(() -> first.held() || second.held());

    Node holder = first.held() ? first : second;
    Node standby = first.held() ? second : first;
    await()
        .atMost(PROMPT)
        .until(() -> standby.lease.current().address().equals(holder.name + ":1"));
    await()
        .during(Duration.ofSeconds(4))
        .atMost(TAKEOVER)
        .until(() -> holder.held() && !standby.held());
  }

  @Test
  void standbyTakesOverAtOnceFromOneThatStopsCleanly() {
    Node first = holder("one");
    Node second = contender("two");

    first.lease.close();

    await().atMost(Duration.ofSeconds(1)).until(second::held);
    assertThat(first.calls).containsExactly("acquired 1", "lost");
    assertThat(second.calls).containsExactly("acquired 3");
  }

  @Test
  void standbyTakesOverFromOneThatFallsSilent() throws SQLException {
    Node first = silentHolder("one");
    Node second = contender("two");

    await().atMost(TAKEOVER).until(second::held);

    assertThat(first.lease.held()).isEmpty();
    assertThat(second.calls).containsExactly("acquired 2");
  }

  @Test
  void processThatComesBackTakesItsOwnLeaseAtOnce() throws SQLException {
    silentHolder("one");

    Node again = contender("one");

    await().atMost(Duration.ofSeconds(1)).until(again::held);
  }

  @Test
  void holderThatIsOvertakenSeesTheHigherEpochAndStops() throws SQLException {
    Node first = holder("one");

    schema.overtake("elsewhere");

    await().atMost(PROMPT).until(() -> first.calls.equals(List.of("acquired 1", "lost")));
    await().atMost(PROMPT).until(() -> first.lease.current().holder().equals("elsewhere"));
  }

  @Test
  void refusalReportedByAWriterEndsTheLease() {
    Node first = holder("one");

    first.lease.refused(1);

    assertThat(first.lease.held()).isEmpty();
    await().atMost(PROMPT).until(() -> first.calls.contains("lost"));
  }

  @Test
  void leaseThatAWriterGaveUpIsTakenAnewAtOnce() {
    Node first = holder("one");

    first.lease.refused(1);

    await()
        .atMost(PROMPT)
        .until(() -> first.calls.equals(List.of("acquired 1", "lost", "acquired 2")));
  }

  @Test
  void refusalOfAnOlderEpochIsIgnored() throws SQLException {
    schema.overtake("");
    Node first = holder("one");

    first.lease.refused(1);

    assertThat(first.lease.held()).contains(new HeldLease(0, CellSchema.ROLE, 2));
  }

  @Test
  void holderRemainsWhileTheDatabaseIsAwayAndAfterwards() {
    Node first = holder("one");
    Node second = contender("two");

    postgres.kill();
    await()
        .during(Duration.ofSeconds(4))
        .atMost(TAKEOVER)
        .until(() -> first.held() && !second.held());
    postgres.start();

    await()
        .during(Duration.ofSeconds(4))
        .atMost(TAKEOVER)
        .until(() -> first.held() && !second.held());
    assertThat(first.calls).containsExactly("acquired 1");
  }

  @Test
  void leaseOfAProcessThatCannotStartIsGivenBack() {
    Node broken = contender("broken", true);
    await().atMost(PROMPT).until(() -> broken.calls.contains("acquired 1"));
    Node second = contender("two");

    await().atMost(PROMPT).until(second::held);

    assertThat(broken.calls).startsWith("acquired 1", "lost");
  }

  @Test
  void slowStartDoesNotKeepTheHolderFromBeating() {
    Node slow = new Node("slow", false, Duration.ofSeconds(4));
    Node second = contender("two", slow);

    await()
        .during(Duration.ofSeconds(4))
        .atMost(TAKEOVER)
        .until(() -> slow.held() && !second.held());
  }

  private Node holder(String name) {
    Node node = contender(name);
    await().atMost(PROMPT).until(node::held);
    return node;
  }

  /** Holds the cell in the database, but its process is gone. */
  private Node silentHolder(String name) throws SQLException {
    Node node = new Node(name, false, Duration.ZERO);
    schema.ensureRow();
    schema.overtake(name);
    return node;
  }

  private Node contender(String name) {
    return contender(name, false);
  }

  private Node contender(String name, boolean broken) {
    return start(new Node(name, broken, Duration.ZERO));
  }

  private Node contender(String name, Node after) {
    start(after);
    await().atMost(PROMPT).until(after::held);
    return contender(name);
  }

  private Node start(Node node) {
    started.add(node.lease);
    node.lease.start();
    return node;
  }

  private final class Node implements LeaseListener {
    final String name;
    final boolean broken;
    final Duration startTime;
    final CellLease lease;
    final List<String> calls = new CopyOnWriteArrayList<>();

    Node(String name, boolean broken, Duration startTime) {
      this.name = name;
      this.broken = broken;
      this.startTime = startTime;
      LeaseSettings settings = LeaseSettings.of(0, CellSchema.ROLE, name, name + ":1");
      this.lease = new CellLease(settings, schema.database(), this, Ticker.system());
    }

    boolean held() {
      return lease.held().isPresent();
    }

    @Override
    public void acquired(long epoch) {
      calls.add("acquired " + epoch);
      if (broken) {
        throw new IllegalStateException("cannot start");
      }
      try {
        Thread.sleep(startTime);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void lost() {
      calls.add("lost");
    }
  }
}
