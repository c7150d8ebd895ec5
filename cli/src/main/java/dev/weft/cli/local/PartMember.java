package dev.weft.cli.local;

import dev.weft.parts.PartProcess;
import dev.weft.parts.ProcessStamp;
import dev.weft.parts.RunFile;
import java.util.Map;

/** PostgreSQL, Redis or Consul as a member of the mesh. */
record PartMember(String name, PartProcess process, Map<String, Integer> ports, String stopSignal)
    implements Member {

  @Override
  public RunFile spawn() {
    process.spawn();
    return new RunFile(
        name, name, process.stamp().orElseThrow(), process.launch(), ports, stopSignal);
  }

  @Override
  public void attach(ProcessStamp stamp) {
    process.attach(stamp);
  }

  @Override
  public void awaitReady() {
    process.awaitReady();
  }
}
