package dev.weft.cli.local;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.ConsulProcess;
import dev.weft.parts.ConsulSettings;
import dev.weft.parts.Lifetime;
import dev.weft.parts.PartsException;
import dev.weft.parts.PostgresProcess;
import dev.weft.parts.PostgresSettings;
import dev.weft.parts.RedisProcess;
import dev.weft.parts.RedisSettings;
import dev.weft.parts.Tool;
import java.util.Map;
import java.util.Optional;

/** PostgreSQL, Redis and Consul of a local mesh. */
final class PartsPlanner {
  private final HomeDirectory home;
  private final PortPlan ports;
  private final MeshSecrets secrets;
  private final BinaryFinder finder;

  PartsPlanner(HomeDirectory home, PortPlan ports, MeshSecrets secrets, BinaryFinder finder) {
    this.home = home;
    this.ports = ports;
    this.secrets = secrets;
    this.finder = finder;
  }

  PostgresProcess postgres() {
    return PostgresProcess.prepare(
        new PostgresSettings(
            home.postgres(), ports.postgres(), secrets.password("postgres"), Lifetime.DETACHED),
        finder);
  }

  PartMember member(PostgresProcess postgres) {
    return new PartMember("postgres", postgres, Map.of("sql", ports.postgres()), "INT");
  }

  PartMember redis() {
    RedisProcess redis =
        RedisProcess.prepare(
            new RedisSettings(
                home.redis(), ports.redis(), secrets.password("redis"), Lifetime.DETACHED),
            finder);
    return new PartMember("redis", redis, Map.of("redis", ports.redis()), "TERM");
  }

  PartMember consul() {
    ConsulProcess consul =
        ConsulProcess.prepare(
            new ConsulSettings(
                home.consul(),
                new ConsulSettings.Ports(
                    ports.consulHttp(), ports.consulServer(), ports.consulSerf()),
                secrets.uuid("consul.management"),
                secrets.uuid("consul.services"),
                Lifetime.DETACHED),
            finder);
    return new PartMember("consul", consul, Map.of("http", ports.consulHttp()), "TERM");
  }

  /** Why the tool can't be had; empty if it is here now, fetched if need be. */
  Optional<String> missing(Tool tool) {
    try {
      finder.require(tool);
      return Optional.empty();
    } catch (PartsException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
