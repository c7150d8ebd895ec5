package dev.weft.worker.linux;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Usage;
import dev.weft.worker.domain.Usage.KernelHit;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Groups without the kernel's help: what each uses was seen when somebody last looked at it. Over a
 * limit together, the one that takes the most has hit it, as the kernel would choose. Safe for
 * threads.
 */
final class SampledTogether implements SharedGroups {

  private final LongFunction<Usage> sampler;
  private final Set<Member> members = new HashSet<>();
  private Limits limits;

  /**
   * @param sampler what the tree below a process uses
   */
  SampledTogether(Limits limits, LongFunction<Usage> sampler) {
    this.limits = limits;
    this.sampler = sampler;
  }

  @Override
  public synchronized AttemptGroup create(String run, Limits ofOne) {
    Member member = new Member();
    members.add(member);
    return member;
  }

  @Override
  public synchronized void limit(Limits other) {
    limits = other;
  }

  @Override
  public void close() {
    // Nothing is kept.
  }

  private synchronized Usage seen(Member member, Usage now) {
    member.last = now;
    if (greatestOfTooMany(member, Usage::memoryBytes, limits.memoryBytes())) {
      return hit(now, KernelHit.MEMORY);
    }
    if (greatestOfTooMany(member, Usage::processes, limits.processes())) {
      return hit(now, KernelHit.PROCESSES);
    }
    return now;
  }

  private boolean greatestOfTooMany(Member member, ToLongFunction<Usage> of, long limit) {
    long sum = 0;
    long greatest = 0;
    for (Member each : members) {
      long used = of.applyAsLong(each.last);
      sum += used;
      greatest = Math.max(greatest, used);
    }
    return sum > limit && of.applyAsLong(member.last) == greatest;
  }

  private static Usage hit(Usage now, KernelHit limit) {
    return new Usage(now.cpu(), now.memoryBytes(), now.peakMemoryBytes(), now.processes(), limit);
  }

  private synchronized void leave(Member member) {
    members.remove(member);
  }

  private final class Member implements AttemptGroup {

    private Usage last = Usage.NOTHING;

    @Override
    public List<Path> entrances() {
      return List.of();
    }

    @Override
    public Usage usage(long root) {
      return seen(this, sampler.apply(root));
    }

    @Override
    public void limit(Limits other) {
      // Those that all keep together are the ones that count here.
    }

    @Override
    public void kill() {
      // The sandbox kills its process namespace.
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
