package dev.weft.gateway.rest;

import com.google.protobuf.Timestamp;
import dev.weft.gateway.app.JoinTokenDesk;
import dev.weft.gateway.app.TokenDesk;
import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.access.v1.CreateJoinTokenRequest;
import dev.weft.proto.access.v1.CreateJoinTokenResponse;
import dev.weft.proto.access.v1.CreateTokenRequest;
import dev.weft.proto.access.v1.CreateTokenResponse;
import dev.weft.proto.access.v1.JoinToken;
import dev.weft.proto.access.v1.ListTokensResponse;
import dev.weft.proto.access.v1.RevokeJoinTokenResponse;
import dev.weft.proto.access.v1.RevokeTokenResponse;
import dev.weft.proto.access.v1.Token;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Bearer and join tokens over HTTP; bodies are messages of weft.access.v1. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "access")
public class TokenResource {

  private final TokenDesk tokens;
  private final JoinTokenDesk joins;
  private final RestCalls calls;

  TokenResource(TokenDesk tokens, JoinTokenDesk joins, RestCalls calls) {
    this.tokens = tokens;
    this.joins = joins;
    this.calls = calls;
  }

  @POST
  @Path("tokens")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.ADMIN)
  @Operation(
      operationId = "CreateToken",
      summary = "Makes a bearer token; its secret is shown once.")
  @Body(CreateTokenRequest.class)
  @Answer(value = CreateTokenResponse.class, status = 201)
  public CompletionStage<Response> create(@Context RoutingContext context) {
    CreateTokenRequest request =
        ProtoJson.parse(RestCalls.body(context), CreateTokenRequest.newBuilder()).build();
    TokenDesk.Wish wish =
        new TokenDesk.Wish(
            request.getName(),
            scopes(request.getScopesList()),
            lifetime(request.hasLifetime(), request.getLifetime()));
    return tokens
        .create(calls.actor(context), wish)
        .thenApply(
            issued ->
                RestCalls.json(
                    201,
                    CreateTokenResponse.newBuilder()
                        .setToken(message(issued.token()))
                        .setSecret(issued.secret())
                        .build()));
  }

  @GET
  @Path("tokens")
  @Needs(Scope.ADMIN)
  @Operation(operationId = "ListTokens", summary = "Lists the tenant's bearer tokens.")
  @Answer(ListTokensResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken) {
    return RestCalls.ok(
        tokens
            .list(
                calls.actor(context),
                Query.pageSize(pageSize),
                Optional.ofNullable(pageToken).filter(text -> !text.isEmpty()))
            .thenApply(
                page ->
                    ListTokensResponse.newBuilder()
                        .addAllTokens(page.tokens().stream().map(TokenResource::message).toList())
                        .setNextPageToken(page.next().orElse(""))
                        .build()));
  }

  @DELETE
  @Path("tokens/{tokenId}")
  @Needs(Scope.ADMIN)
  @Operation(operationId = "RevokeToken", summary = "Revokes a bearer token.")
  @Answer(RevokeTokenResponse.class)
  public CompletionStage<Response> revoke(
      @Context RoutingContext context, @PathParam("tokenId") String tokenId) {
    return RestCalls.ok(
        tokens
            .revoke(calls.actor(context), tokenId)
            .thenApply(_ -> RevokeTokenResponse.getDefaultInstance()));
  }

  @POST
  @Path("join-tokens")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "CreateJoinToken",
      summary = "Makes a join token; its secret is shown once.")
  @Body(CreateJoinTokenRequest.class)
  @Answer(value = CreateJoinTokenResponse.class, status = 201)
  public CompletionStage<Response> createJoin(@Context RoutingContext context) {
    CreateJoinTokenRequest request =
        ProtoJson.parse(RestCalls.body(context), CreateJoinTokenRequest.newBuilder()).build();
    return joins
        .create(
            calls.actor(context),
            request.getName(),
            lifetime(request.hasLifetime(), request.getLifetime()))
        .thenApply(issued -> RestCalls.json(201, message(issued)));
  }

  @DELETE
  @Path("join-tokens/{joinTokenId}")
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "RevokeJoinToken",
      summary = "Revokes a join token, with revokeWorkers=true also the workers that it made.")
  @Answer(RevokeJoinTokenResponse.class)
  public CompletionStage<Response> revokeJoin(
      @Context RoutingContext context,
      @PathParam("joinTokenId") String joinTokenId,
      @QueryParam("revokeWorkers") @Nullable String revokeWorkers) {
    return RestCalls.ok(
        joins
            .revoke(calls.actor(context), joinTokenId, Query.flag("revoke_workers", revokeWorkers))
            .thenApply(_ -> RevokeJoinTokenResponse.getDefaultInstance()));
  }

  private static Set<Scope> scopes(List<String> words) {
    Set<Scope> scopes = new HashSet<>();
    for (String word : words) {
      scopes.add(
          Scope.of(word).orElseThrow(() -> InvalidRequest.of("scopes", word, Scope.words())));
    }
    return scopes;
  }

  private static Optional<Duration> lifetime(boolean set, com.google.protobuf.Duration value) {
    if (!set) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofSeconds(value.getSeconds(), value.getNanos()));
  }

  private static Token message(AccessToken token) {
    Token.Builder message =
        Token.newBuilder()
            .setId(PrefixedId.format(TokenDesk.PREFIX, token.id()))
            .setTenant(token.tenant())
            .setName(token.name())
            .addAllScopes(token.scopes().stream().map(Scope::text).sorted().toList())
            .setCreateTime(time(token.createTime()));
    token.expireTime().ifPresent(when -> message.setExpireTime(time(when)));
    token.revokeTime().ifPresent(when -> message.setRevokeTime(time(when)));
    return message.build();
  }

  private static CreateJoinTokenResponse message(JoinTokenDesk.Issued issued) {
    JoinToken.Builder token =
        JoinToken.newBuilder()
            .setId(PrefixedId.format(JoinTokenDesk.PREFIX, issued.token().id()))
            .setName(issued.token().name())
            .setCreateTime(time(issued.token().createTime()));
    issued.token().expireTime().ifPresent(when -> token.setExpireTime(time(when)));
    return CreateJoinTokenResponse.newBuilder()
        .setJoinToken(token)
        .setSecret(issued.secret())
        .build();
  }

  private static Timestamp time(Instant when) {
    return Timestamp.newBuilder()
        .setSeconds(when.getEpochSecond())
        .setNanos(when.getNano())
        .build();
  }
}
