package dev.weft.cli;

import dev.weft.cli.client.Endpoints;

/** Where the mesh is and what opens it. */
record Session(Endpoints endpoints, String token) {
  @Override
  public String toString() {
    return "Session[" + endpoints + "]";
  }
}
