package dev.weft.cli.local;

import dev.weft.cli.local.LocalMesh.UpReport;
import dev.weft.parts.FreePort;
import dev.weft.parts.RunFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts members of the mesh that don't run, several at once, and notes what it found and did. */
final class JointStart {

  private final HomeDirectory home;
  private final Runnable check;
  private final List<String> started = new ArrayList<>();
  private final List<String> already = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /**
   * @param check throws when nobody waits any more
   */
  JointStart(HomeDirectory home, Runnable check) {
    this.home = home;
    this.check = check;
  }

  /** Starts those that don't run at once, then waits for all. */
  void start(List<Member> members) {
    for (Member member : members) {
      Optional<RunFile> known = RunFile.find(home.run(), member.name()).filter(RunFile::isRunning);
      if (known.isPresent()) {
        member.attach(known.get().stamp());
        already.add(member.name());
      } else {
        check.run();
        requireFreePorts(member);
        RunFile file = member.spawn();
        file.write(home.run());
        started.add(member.name());
      }
    }
    members.forEach(Member::awaitReady);
  }

  /** Somebody else started it, now or before. */
  void note(String name, boolean ranBefore) {
    (ranBefore ? already : started).add(name);
  }

  /** What whoever asked for the mesh should know. */
  void remark(String text) {
    remarks.add(text);
  }

  UpReport report() {
    return new UpReport(List.copyOf(started), List.copyOf(already), List.copyOf(remarks));
  }

  private static void requireFreePorts(Member member) {
    member
        .ports()
        .forEach(
            (purpose, port) -> {
              if (!FreePort.isFree(port)) {
                throw new MeshFailure(
                    "port %d, for %s of %s: in use by another program (choose others: --port-base)"
                        .formatted(port, purpose, member.name()));
              }
            });
  }
}
