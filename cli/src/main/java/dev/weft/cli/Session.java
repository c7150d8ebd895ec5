package dev.weft.cli;

import dev.weft.cli.client.Endpoints;

/**
 * Where the mesh is and what opens it.
 *
 * @param endpoints of REST
 * @param rpc of gRPC
 */
record Session(Endpoints endpoints, Endpoints rpc, String token) {
  @Override
  public String toString() {
    return "Session[" + endpoints + "]";
  }
}
