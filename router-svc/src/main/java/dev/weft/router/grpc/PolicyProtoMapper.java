package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.ChangePolicyRequest;
import dev.weft.proto.placement.v1.AlgorithmRule;
import dev.weft.proto.placement.v1.ClassWeights;
import dev.weft.router.app.PolicyNote;
import dev.weft.router.app.PolicyVersion;
import dev.weft.router.domain.placement.Algorithm;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Weights;
import dev.weft.router.domain.task.PriorityClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Policies in the contract's words. */
final class PolicyProtoMapper {

  private static final int MOST_RULES = 256;
  private static final int MOST_COMMENT = 1_024;

  private PolicyProtoMapper() {}

  /**
   * The policy that is to follow the expected one.
   *
   * @throws MeshException INVALID_FIELD
   */
  static PlacementPolicy policy(ChangePolicyRequest request) {
    int expected = request.getExpectedVersion();
    if (expected < 0 || expected >= Integer.MAX_VALUE - 1) {
      throw MeshException.invalidField(
          "expected_version", expected, "the version in force, 0 while there is none");
    }
    try {
      return new PlacementPolicy(
          expected + 1, weights(request.getWeightsList()), table(request.getAlgorithmsList()));
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }

  /**
   * @throws MeshException INVALID_FIELD
   */
  static PolicyNote note(ChangePolicyRequest request) {
    String comment = request.getComment();
    if (comment.length() > MOST_COMMENT) {
      throw MeshException.invalidField(
          "comment", comment.length() + " characters", "at most " + MOST_COMMENT);
    }
    if (comment.codePoints().anyMatch(Character::isISOControl)) {
      throw MeshException.invalidField("comment", comment, "no control characters");
    }
    return new PolicyNote(request.getAuthor(), comment, request.getRequestId());
  }

  static dev.weft.proto.placement.v1.PlacementPolicy policy(PolicyVersion stored) {
    PlacementPolicy policy = stored.policy();
    var built =
        dev.weft.proto.placement.v1.PlacementPolicy.newBuilder()
            .setVersion(policy.version())
            .setName(policy.name())
            .setAuthor(stored.note().author())
            .setComment(stored.note().comment());
    if (policy.version() > 0) {
      built.setCreateTime(TaskProtoMapper.timestamp(stored.created()));
    }
    policy.weights().forEach((priority, own) -> built.addWeights(weights(priority, own)));
    policy.algorithms().rules().forEach((name, one) -> built.addAlgorithms(rule(name, one)));
    return built.build();
  }

  static String token(PolicyVersion last) {
    return PageTokens.token(Integer.toString(last.policy().version()));
  }

  /** Below which version the page starts. */
  static int place(String token) {
    return PageTokens.place(token, Integer::parseInt).orElse(Integer.MAX_VALUE);
  }

  private static Map<PriorityClass, Weights> weights(List<ClassWeights> given) {
    Map<PriorityClass, Weights> weights = new EnumMap<>(PriorityClass.class);
    for (int i = 0; i < given.size(); i++) {
      ClassWeights one = given.get(i);
      PriorityClass priority =
          priority("weights[" + i + "].priority_class", one.getPriorityClassValue());
      String field = "weights[" + priority + "]";
      Weights own =
          Weights.named(field, one.getCapability(), one.getLoad(), one.getLatency(), one.getCost());
      if (weights.put(priority, own) != null) {
        throw new IllegalArgumentException(field + ": twice (expected: once)");
      }
    }
    return weights;
  }

  private static AlgorithmTable table(List<AlgorithmRule> given) {
    if (given.size() > MOST_RULES) {
      throw new IllegalArgumentException(
          "algorithms: %d (expected: at most %d)".formatted(given.size(), MOST_RULES));
    }
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      AlgorithmRule one = given.get(i);
      String field = "algorithms[" + i + "].";
      if (!one.getExecutor().matches("[a-z0-9_-]{1,63}")) {
        throw new IllegalArgumentException(
            "%sexecutor: %s (expected: 1..63 of a-z, 0-9, _ and -)"
                .formatted(field, one.getExecutor()));
      }
      String of =
          one.getPriorityClassValue() == 0
              ? ""
              : "/" + priority(field + "priority_class", one.getPriorityClassValue());
      rules.add(one.getExecutor() + of + "=" + one.getAlgorithm());
    }
    AlgorithmTable table = AlgorithmTable.STANDARD.with("algorithms", rules);
    if (table.rules().size() > MOST_RULES) {
      throw new IllegalArgumentException(
          "algorithms: %d with the standard ones (expected: at most %d)"
              .formatted(table.rules().size(), MOST_RULES));
    }
    return table;
  }

  /** The contract counts from 1. */
  static PriorityClass priority(String field, int number) {
    PriorityClass[] all = PriorityClass.values();
    if (number < 1 || number > all.length) {
      throw new IllegalArgumentException(
          "%s: %s (expected: P0..P6)".formatted(field, number == 0 ? "absent" : number));
    }
    return PriorityClass.of(number - 1);
  }

  private static ClassWeights weights(PriorityClass priority, Weights own) {
    return ClassWeights.newBuilder()
        .setPriorityClassValue(priority.code() + 1)
        .setCapability(own.capability())
        .setLoad(own.load())
        .setLatency(own.latency())
        .setCost(own.cost())
        .build();
  }

  private static AlgorithmRule rule(String name, Algorithm algorithm) {
    int slash = name.indexOf('/');
    AlgorithmRule.Builder rule = AlgorithmRule.newBuilder().setAlgorithm(algorithm.name());
    return slash < 0
        ? rule.setExecutor(name).build()
        : rule.setExecutor(name.substring(0, slash))
            .setPriorityClassValue(PriorityClass.valueOf(name.substring(slash + 1)).code() + 1)
            .build();
  }
}
