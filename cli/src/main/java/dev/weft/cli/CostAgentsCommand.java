package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.CostApi;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.OptionFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "agents",
    description = {
      "Estimates what agents would cost a month on Fargate, EC2 and a server, active and hibernated.",
      "By published list prices of one day; nothing that runs is looked at."
    })
final class CostAgentsCommand implements Callable<Integer> {
  private static final long MIB = 1024 * 1024;
  private static final int MOST_CORES = 1_000_000;

  @Mixin final GlobalOptions global;

  @Option(
      names = "--cpu",
      paramLabel = "CORES",
      description = "vCPUs of an active agent (default: 0.5)")
  @Nullable Double cpu;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "memory of an active agent (default: 1G)")
  @Nullable String memory;

  @Option(names = "--agents", paramLabel = "N", description = "how many (default: 100)")
  @Nullable Integer agents;

  @Option(
      names = "--hours",
      paramLabel = "H",
      description = "hours of a month in which each is active (default: 730, all)")
  @Nullable Integer hours;

  @Option(
      names = "--hours-per-day",
      paramLabel = "H",
      description = "the same by day, in place of --hours")
  @Nullable Integer hoursPerDay;

  @Option(
      names = "--workspace",
      paramLabel = "SIZE",
      description = "saved workspace of one agent (default: 1G)")
  @Nullable String workspace;

  @Option(
      names = "--egress",
      paramLabel = "SIZE",
      description = "what one sends to the internet in an active hour (default: 5M)")
  @Nullable String egress;

  @Option(
      names = "--logs",
      paramLabel = "SIZE",
      description = "what one logs in an active hour (default: 1M)")
  @Nullable String logs;

  @Option(
      names = "--log-months",
      paramLabel = "N",
      description = "how long logs are kept (default: 1)")
  @Nullable Integer logMonths;

  @Option(
      names = "--nat-gateways",
      paramLabel = "N",
      description = "shared by all agents (default: 1)")
  @Nullable Integer natGateways;

  @Option(
      names = "--public-ipv4",
      description = "each active agent has an address of its own and needs no NAT gateway")
  boolean publicIpv4;

  @Option(
      names = "--provider",
      split = ",",
      paramLabel = "NAME",
      description = "fargate-spot, fargate, ec2-t4g-small, ec2, vps (default: all)")
  List<String> providers = List.of();

  @Option(names = "--region", paramLabel = "REGION", description = "of the prices")
  @Nullable String region;

  @Option(
      names = "--prices",
      paramLabel = "VERSION",
      description = "table of prices (default: the newest; also: proposal-2026-01-31)")
  @Nullable String prices;

  CostAgentsCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    Map<String, String> question = question();
    JsonNode answer = global.ask(api -> new CostApi(api).estimate(question, providers));
    if (global.json()) {
      global.printJson(answer);
    } else {
      global.print(EstimateText.of(answer));
    }
    return ExitCodes.OK;
  }

  private Map<String, String> question() {
    Map<String, String> question = new LinkedHashMap<>();
    if (cpu != null) {
      if (!(cpu > 0 && cpu <= MOST_CORES)) {
        throw new OptionFault("--cpu", cpu.toString(), "more than 0, at most " + MOST_CORES);
      }
      question.put("vcpuMillis", Long.toString(Math.round(cpu * 1000)));
    }
    size(question, "memoryMb", "--memory", memory);
    put(question, "agents", agents);
    put(question, "activeHoursPerMonth", hours);
    put(question, "activeHoursPerDay", hoursPerDay);
    size(question, "workspaceMb", "--workspace", workspace);
    size(question, "egressMbPerHour", "--egress", egress);
    size(question, "logMbPerHour", "--logs", logs);
    put(question, "logMonths", logMonths);
    put(question, "natGateways", natGateways);
    put(question, "publicIpv4", publicIpv4 ? "true" : null);
    put(question, "region", region);
    put(question, "priceTable", prices);
    return question;
  }

  private static void put(Map<String, String> question, String name, @Nullable Object value) {
    if (value != null) {
      question.put(name, value.toString());
    }
  }

  /** In whole MiB, a part of one as one. */
  private static void size(
      Map<String, String> question, String name, String option, @Nullable String text) {
    if (text != null) {
      question.put(name, Long.toString(Math.ceilDiv(Amounts.bytes(option, text), MIB)));
    }
  }
}
