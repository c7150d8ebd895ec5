package dev.weft.gateway;

import dev.weft.platform.discovery.HostPort;
import java.util.List;

/** Where the processes of a role listen for the mesh. */
@FunctionalInterface
interface Neighbours {

  List<HostPort> addresses(String role);
}
