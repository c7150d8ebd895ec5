package dev.weft.artifact.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.artifact.app.ArtifactDesk;
import dev.weft.artifact.app.LeaseAuthority.LeaseKey;
import dev.weft.artifact.app.Requester;
import dev.weft.artifact.app.UploadTerms;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.InvalidValue;
import dev.weft.platform.grpc.Peer;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.internal.work.v1.AttemptKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Messages to values and back. */
final class StoreProtoMapper {

  private static final String GATEWAY = "gateway";
  private static final String WORKER = "worker";
  private static final int MOST_DIGESTS = 10_000;

  private StoreProtoMapper() {}

  /** Who asks, as far as the certificate allows it to say so. */
  static Requester requester(dev.weft.proto.internal.artifact.v1.Requester requester, Peer peer) {
    return switch (requester.getAuthorityCase()) {
      case TENANT -> {
        mustBe(peer, GATEWAY, "requester.tenant");
        yield new Requester.Gateway(requester.getTenant());
      }
      case LEASE -> {
        mustBe(peer, WORKER, "requester.lease");
        AttemptKey key = requester.getLease();
        yield new Requester.Worker(
            peer.nodeId(), new LeaseKey(key.getTaskId(), key.getAttempt(), key.getFence()));
      }
      case AUTHORITY_NOT_SET -> throw new InvalidValue("requester", "nobody", "tenant or lease");
    };
  }

  /** Fails unless a gateway asks. */
  static void onlyGateway(Peer peer) {
    mustBe(peer, GATEWAY, "requester");
  }

  private static void mustBe(Peer peer, String role, String field) {
    if (!peer.role().equals(role)) {
      throw Refusals.denied(peer.role(), field);
    }
  }

  static UploadTerms terms(UploadHeader header, Duration lifetime) {
    return new UploadTerms(
        header.getName(),
        header.getMediaType(),
        header.hasLifetime() ? duration(header.getLifetime()) : lifetime,
        header.getDigest().isEmpty() ? null : digest(header.getDigest()),
        header.hasSizeBytes() ? OptionalLong.of(header.getSizeBytes()) : OptionalLong.empty());
  }

  static Artifact artifact(ArtifactRecord record) {
    return Artifact.newBuilder()
        .setId(PrefixedId.format(ArtifactDesk.PREFIX, record.id()))
        .setName(record.content().name())
        .setDigest(bytes(record.content().digest()))
        .setSizeBytes(record.content().size())
        .setMediaType(record.content().mediaType())
        .setCreateTime(timestamp(record.created()))
        .setExpireTime(timestamp(record.expires()))
        .setTaskId(record.content().taskId())
        .build();
  }

  static List<Digest> digests(List<ByteString> digests) {
    if (digests.size() > MOST_DIGESTS) {
      throw new InvalidValue("digests", digests.size(), "at most " + MOST_DIGESTS);
    }
    return digests.stream().map(StoreProtoMapper::digest).toList();
  }

  static Digest digest(ByteString bytes) {
    return Digest.of(bytes.toByteArray());
  }

  static ByteString bytes(Digest digest) {
    return UnsafeByteOperations.unsafeWrap(digest.bytes());
  }

  private static Duration duration(com.google.protobuf.Duration value) {
    try {
      return Duration.ofSeconds(value.getSeconds(), value.getNanos());
    } catch (ArithmeticException e) {
      throw new InvalidValue("lifetime", value.getSeconds() + " s", "1 s to 365 days");
    }
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
