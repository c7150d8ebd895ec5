package dev.weft.worker;

import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.profile.HostProbe;
import dev.weft.worker.profile.ProfileReader;
import dev.weft.worker.sandbox.SandboxKit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What this worker says of itself: its file, and what was found on its machine. */
record OwnProfile(WorkerConfig config, SandboxKit kit) {

  /**
   * @param data a directory on the file system that work is done on
   */
  WorkerProfile read(Path data) throws IOException, InterruptedException {
    ProfileReader.Probed probed =
        kit.sandbox()
            .map(found -> new ProfileReader.Probed(found.level(), found.limitsScope()))
            .orElse(ProfileReader.Probed.NO_SANDBOX);
    String version = OwnProfile.class.getPackage().getImplementationVersion();
    return new ProfileReader(
            new ProfileReader.Machine(
                new HostProbe().hardware(data), probed, version == null ? "dev" : version),
            config.queues().orElse(List.of()))
        .read(config.profileFile());
  }
}
