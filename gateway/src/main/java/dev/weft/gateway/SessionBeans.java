package dev.weft.gateway;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.FailureLimiter;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.app.SecretMint;
import dev.weft.gateway.app.SubmitGate;
import dev.weft.gateway.app.TicketDesk;
import dev.weft.gateway.app.TicketStore;
import dev.weft.gateway.forward.AgentCopies;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.gateway.forward.AgentMemories;
import dev.weft.gateway.forward.Errands;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.LeaseCheck;
import dev.weft.gateway.forward.SubmitCheck;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.gateway.rest.RestCalls;
import dev.weft.gateway.rest.SessionRoute;
import dev.weft.gateway.session.AgentCell;
import dev.weft.gateway.session.Attachment;
import dev.weft.gateway.session.BufferShares;
import dev.weft.gateway.session.FrameLog;
import dev.weft.gateway.session.GatewayBeat;
import dev.weft.gateway.session.HomeChannels;
import dev.weft.gateway.session.HomeTools;
import dev.weft.gateway.session.MeshSessionService;
import dev.weft.gateway.session.NearHomes;
import dev.weft.gateway.session.SessionHub;
import dev.weft.gateway.session.SessionMeter;
import dev.weft.gateway.ws.SessionSocket;
import dev.weft.gateway.ws.SessionSockets;
import dev.weft.gateway.ws.SocketTools;
import dev.weft.platform.grpc.Peer;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.internal.PlatformDependent;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Agents: their sessions at this door, and the homes that this gateway is. */
@Singleton
class SessionBeans {

  private static final String SUBPROTOCOL = "weft.session.v1";
  private static final long MOST_RING_BYTES = 256L << 20;
  private static final int HEAP_PART = 4;
  private static final Backoff REATTACH =
      Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(2));

  private final GatewayConfig config;
  private final Later later;
  private final Ticker ticker;
  private final SecureRandom random = new SecureRandom();
  private final BufferShares shares = new BufferShares(PlatformDependent.maxDirectMemory());

  SessionBeans(GatewayConfig config, Later later, Ticker ticker) {
    this.config = config;
    this.later = later;
    this.ticker = ticker;
  }

  @Produces
  @Singleton
  TicketDesk ticketDesk(
      TicketStore store,
      SecretMint mint,
      Authenticator authenticator,
      FailureLimiter limiter,
      InstantSource clock) {
    return new TicketDesk(store, mint, authenticator, limiter, clock);
  }

  @Produces
  @Singleton
  AgentForwarder agents(
      @Named("cell") Holder cell,
      SubmitGate gate,
      SubmitCheck inputs,
      TicketDesk tickets,
      IdGenerator ids) {
    return new AgentForwarder(cell, gate, inputs, tickets, ids);
  }

  @Produces
  @Singleton
  Errands errands(AgentForwarder agents) {
    return new Errands(agents, ticker);
  }

  @Produces
  @Singleton
  AgentCopies copies(AgentForwarder agents, Errands errands, IdGenerator ids) {
    return new AgentCopies(agents, errands, ids, later);
  }

  @Produces
  @Singleton
  AgentMemories memories(AgentForwarder agents, Errands errands) {
    return new AgentMemories(agents, errands);
  }

  @Produces
  @Singleton
  AgentCell agentCell(@Named("cell") Holder cell) {
    return new AgentCell(cell);
  }

  @Produces
  @Singleton
  GatewayBeat beat(AgentCell cell, MeshRuntime mesh, SessionHub hub) {
    return new GatewayBeat(cell, address(mesh), hub::idle, later);
  }

  private static Supplier<String> address(MeshRuntime mesh) {
    return () -> mesh.advertised().toString();
  }

  @Produces
  @Singleton
  SessionHub hub(
      AgentCell cell,
      Watches watches,
      InstantSource clock,
      JoinDesk joins,
      @Named("cell") Holder holder,
      @Named("frames") Holder frames,
      MeshRuntime mesh,
      MeterRegistry meters) {
    GatewayConfig.Session session = config.session();
    long all =
        session
            .mostRingBytes()
            .orElse(Math.min(MOST_RING_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART));
    FrameLog log = new FrameLog(frames, later, shares);
    meters.gauge("weft.session.sealing.bytes", log, FrameLog::sealingBytes);
    SessionHub hub =
        new SessionHub(
            new HomeTools(
                cell, log, watches, later, ticker, clock, random, new SessionMeter(meters)),
            joins,
            new LeaseCheck(holder),
            address(mesh),
            new SessionHub.Limits(session.ringBytes(), all),
            shares);
    meters.gauge("weft.session.homes", hub, SessionHub::homes);
    return hub;
  }

  @Produces
  @Singleton
  MeshSessionService sessionService(SessionHub hub) {
    return new MeshSessionService(
        hub,
        ticker,
        Peer::current,
        new MeshSessionService.Roles(CertificateAuthority.WORKER_ROLE, MeshBeans.GATEWAY));
  }

  @Produces
  @Singleton
  NearHomes homes(SessionHub hub, MeshRuntime mesh) {
    return new NearHomes(
        hub, ticker, new HomeChannels(address -> mesh.channels().open(address, MeshBeans.GATEWAY)));
  }

  @Produces
  @Singleton
  SessionSockets sockets(MeterRegistry meters) {
    SessionSockets sockets = new SessionSockets(shares);
    meters.gauge("weft.sessions.open", sockets, SessionSockets::open);
    return sockets;
  }

  @Produces
  @Singleton
  SessionRoute sessions(
      AgentForwarder agents,
      TicketDesk tickets,
      AgentCell cell,
      NearHomes homes,
      SessionSockets sockets,
      SubmitGate gate,
      Authenticator authenticator,
      RestCalls calls) {
    GatewayConfig.Session session = config.session();
    WatchGuard guard =
        new WatchGuard(
            authenticator,
            later,
            ticker,
            session.recheck(),
            new WatchGuard.Bounds(session.mostSockets(), session.mostSocketsPerTenant()),
            GatewayReason.TOO_MANY_SESSIONS);
    return new SessionRoute(
        agents,
        tickets,
        turn ->
            new Attachment.Tools(
                cell, homes.of(turn), later, ticker, REATTACH, random, session.patience()),
        new SocketTools(sockets, gate, session.ringBytes()),
        guard,
        calls);
  }

  /** No compression, which one side could use against the other's memory; frames as agreed. */
  @Produces
  @Singleton
  HttpServerOptionsCustomizer webSockets() {
    return new HttpServerOptionsCustomizer() {
      @Override
      public void customizeHttpServer(HttpServerOptions options) {
        adapt(options);
      }

      @Override
      public void customizeHttpsServer(HttpServerOptions options) {
        adapt(options);
      }
    };
  }

  private static void adapt(HttpServerOptions options) {
    options
        .setMaxWebSocketFrameSize(SessionSocket.MOST_READ)
        .setMaxWebSocketMessageSize(SessionSocket.MOST_READ)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setWebSocketSubProtocols(List.of(SUBPROTOCOL));
  }
}
