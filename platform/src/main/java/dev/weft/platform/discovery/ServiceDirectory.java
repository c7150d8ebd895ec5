package dev.weft.platform.discovery;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the replicas of each role are. Answers from memory; never blocks. */
public interface ServiceDirectory extends AutoCloseable {

  /**
   * The healthy replicas of a role, or the last ones known while Consul says nothing; may be empty.
   */
  List<HostPort> addresses(String role);

  /** One of two random replicas, the one with fewer calls under way. */
  Optional<Pick> pick(String role);

  @Override
  void close();

  /** A replica that was chosen for one call. */
  interface Pick {
    HostPort address();

    /** Counts the call until {@link #ended}. */
    void started();

    void ended(@Nullable Throwable failure);
  }

  /** A list that never changes, for a mesh without Consul. */
  static ServiceDirectory fixed(Map<String, List<HostPort>> addresses) {
    return new FixedDirectory(addresses);
  }

  /** Reads Consul every 2 s for the roles that were asked for. */
  static ServiceDirectory consul(Vertx vertx, ConsulAccess access, List<String> roles) {
    return new ConsulDirectory(vertx, access, roles);
  }
}
