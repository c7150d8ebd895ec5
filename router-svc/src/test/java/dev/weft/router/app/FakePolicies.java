package dev.weft.router.app;

import dev.weft.router.domain.placement.PlacementPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The policies of a {@link FakeCell}. */
public final class FakePolicies implements PolicyBook {

  private final FakeCell cell;
  private final List<PolicyVersion> versions = new ArrayList<>();

  private boolean replyIsLost;

  public FakePolicies(FakeCell cell) {
    this.cell = cell;
  }

  /** The next append is stored, and its caller does not hear of it. */
  public void loseNextReply() {
    replyIsLost = true;
  }

  @Override
  public Optional<PolicyVersion> newest() {
    return below(Integer.MAX_VALUE, 1).stream().findFirst();
  }

  @Override
  public Optional<PolicyVersion> version(int version) {
    synchronized (cell) {
      return versions.stream().filter(one -> one.policy().version() == version).findFirst();
    }
  }

  @Override
  public List<PolicyVersion> below(int version, int most) {
    synchronized (cell) {
      return versions.reversed().stream()
          .filter(one -> one.policy().version() < version)
          .limit(most)
          .toList();
    }
  }

  @Override
  public PolicyVersion append(long epoch, PlacementPolicy policy, PolicyNote note) {
    synchronized (cell) {
      cell.check(epoch);
      for (PolicyVersion one : versions) {
        if (!note.requestId().isEmpty()
            && one.note().requestId().equals(note.requestId())
            && one.note().author().equals(note.author())) {
          if (one.policy().equals(policy) && one.note().equals(note)) {
            return one;
          }
          throw new KeyReused(note.requestId());
        }
      }
      if (policy.version() != versions.size() + 1) {
        throw new Changed(policy.version() - 1, versions.size());
      }
      PolicyVersion made = new PolicyVersion(policy, note, cell.clock.instant());
      versions.add(made);
      if (replyIsLost) {
        replyIsLost = false;
        throw new JournalException.Unavailable("lost", new IOException("broken pipe"));
      }
      return made;
    }
  }
}
