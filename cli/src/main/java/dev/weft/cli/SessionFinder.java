package dev.weft.cli;

import dev.weft.cli.client.Endpoints;
import dev.weft.cli.local.HomeDirectory;
import dev.weft.parts.RunFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the mesh: {@code --url}, else WEFT_URL, else the local mesh's gateways; their gRPC doors:
 * WEFT_GRPC_URL, else the ports that belong to the REST ports; and its token: WEFT_TOKEN, else a
 * file that only its owner can read. A token is never an argument, since everybody can read those.
 */
final class SessionFinder {
  private final Context context;
  private final Map<String, String> environment;
  private final HomeDirectory home;

  SessionFinder(Context context, Path home) {
    this.context = context;
    this.environment = context.environment();
    this.home = new HomeDirectory(home);
  }

  Session find(@Nullable String url) {
    Endpoints endpoints = endpoints(url);
    return new Session(endpoints, rpc(endpoints), token(endpoints));
  }

  private Endpoints endpoints(@Nullable String url) {
    String named = url != null ? url : environment.getOrDefault("WEFT_URL", "");
    if (!named.isBlank()) {
      return Endpoints.parse(named);
    }
    List<URI> local =
        RunFile.all(home.run()).stream()
            .filter(file -> file.role().equals("gateway"))
            .map(file -> URI.create("http://127.0.0.1:" + file.ports().get("rest")))
            .toList();
    if (local.isEmpty()) {
      throw new CliException(
          ExitCodes.UNREACHABLE,
          "no mesh: no local one was started in "
              + home.root()
              + " (start it with: weft up), and WEFT_URL is not set");
    }
    return new Endpoints(local);
  }

  /** Named, else beside the REST ports, where the gateways have it unless told otherwise. */
  private Endpoints rpc(Endpoints rest) {
    String named = environment.getOrDefault("WEFT_GRPC_URL", "");
    return named.isBlank() ? rest.rpcBeside() : Endpoints.parse(named);
  }

  private String token(Endpoints endpoints) {
    String token = environment.getOrDefault("WEFT_TOKEN", "");
    if (!token.isBlank()) {
      return token.strip();
    }
    String file = environment.getOrDefault("WEFT_TOKEN_FILE", "");
    if (file.isBlank() && !endpoints.local()) {
      // The local mesh's token is not for others.
      throw new CliException(
          ExitCodes.UNAUTHORIZED,
          "no token for " + endpoints + " (expected: WEFT_TOKEN or WEFT_TOKEN_FILE)");
    }
    return read(file.isBlank() ? home.token() : context.path(file));
  }

  private static String read(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.GROUP_READ)
          || permissions.contains(PosixFilePermission.OTHERS_READ)) {
        throw new CliException(
            ExitCodes.UNAUTHORIZED,
            "token file " + file + ": others can read it (expected: only its owner; chmod 600)");
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.UNAUTHORIZED,
          "no token: can't read " + file + " (expected: that file, WEFT_TOKEN or WEFT_TOKEN_FILE)");
    }
  }
}
