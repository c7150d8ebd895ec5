package dev.weft.bench;

import java.util.List;
import picocli.CommandLine.Option;

/** How much is done to a mesh, and how often. */
final class LoadOptions {

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "how often a rate is measured (default: ${DEFAULT-VALUE})")
  int runs;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "60000",
      description = "tasks of a run at full speed (default: ${DEFAULT-VALUE})")
  int tasks;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "300000",
      description = "tasks before the first run (default: ${DEFAULT-VALUE})")
  int warmUp;

  @Option(
      names = "--rates",
      paramLabel = "N",
      split = ",",
      defaultValue = "50,200,500",
      description = "fixed rates, per second, of the latencies (default: ${DEFAULT-VALUE})")
  List<Integer> rates = List.of();

  @Option(
      names = "--rate-seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "how long at each of these rates (default: ${DEFAULT-VALUE})")
  int rateSeconds;

  @Option(
      names = "--backlogs",
      paramLabel = "N",
      split = ",",
      defaultValue = "10000,100000,1000000",
      description = "how many tasks wait (default: ${DEFAULT-VALUE})")
  List<Integer> backlogs = List.of();

  @Option(
      names = "--limit-seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "how long each physical limit is measured (default: ${DEFAULT-VALUE})")
  int limitSeconds;

  @Option(
      names = "--peers",
      paramLabel = "NAME",
      split = ",",
      defaultValue =
          "bullmq-everysec,bullmq-always,bullmq-documented,celery-redis,celery-rabbitmq,graphile",
      description = "which peers (default: ${DEFAULT-VALUE})")
  List<String> peers = List.of();

  @Option(
      names = "--peer-seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "how long a peer is warmed up at full load (default: ${DEFAULT-VALUE})")
  int peerSeconds;

  @Option(
      names = "--run-seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "how long a peer's run takes, about (default: ${DEFAULT-VALUE})")
  int runSeconds;

  @Option(
      names = "--beating",
      paramLabel = "N",
      split = ",",
      defaultValue = "10,100,1000",
      description = "how many workers send heartbeats (default: ${DEFAULT-VALUE})")
  List<Integer> beating = List.of();
}
