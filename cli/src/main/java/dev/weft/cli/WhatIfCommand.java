package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.PolicyApi;
import dev.weft.cli.output.OptionFault;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "whatif",
    description = {
      "Says how your recorded tasks would have fared under another policy or on another fleet. Changes nothing.",
      "Replays their arrivals, requirements and measured durations, and says how far the replay is from what happened.",
      "Without a range: the last hour; at most 24 h and 50,000 tasks."
    })
final class WhatIfCommand implements Callable<Integer> {
  private static final Pattern CAPABILITY =
      Pattern.compile("([A-Za-z][A-Za-z0-9_.-]{0,63})(?:=([0-9.]{1,6}))?");
  private static final String LIKE = "like=";
  private static final String COUNT = "count=";

  @Mixin final GlobalOptions global;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "accepted from then on: 2026-01-02T03:04:05Z, or so long ago: 1h (default)")
  @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "up to then (default: now)")
  @Nullable String until;

  @Option(
      names = "--weights",
      paramLabel = "TERMS",
      description = "capability=0.4,load=0.3,latency=0.2,cost=0.1 for every class; the sum is 1")
  @Nullable String weights;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      description = "for every kind of work, like ROUND_ROBIN or LEAST_CONNECTIONS")
  @Nullable String algorithm;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "so many workers from start to end, with the recorded ones' profiles in turn")
  @Nullable Integer workers;

  @Option(
      names = "--add-worker",
      paramLabel = "CAPS",
      description = {
        "one more worker, like a recorded one but with these capabilities: CODING=0.9,REVIEW; also",
        "like=NAME and count=N; may be repeated"
      })
  List<String> added = new ArrayList<>();

  private final InstantSource clock = InstantSource.system();

  WhatIfCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    ObjectNode question = question();
    JsonNode report = global.ask(api -> new PolicyApi(api).replay(question));
    if (global.json()) {
      global.printJson(report);
    } else {
      global.print(WhatIfText.render(report));
    }
    return ExitCodes.OK;
  }

  private ObjectNode question() {
    ObjectNode question = MeshApi.JSON.createObjectNode();
    if (since != null) {
      question.put("since", TimeOption.parse("--since", since, clock).toString());
    }
    if (until != null) {
      question.put("until", TimeOption.parse("--until", until, clock).toString());
    }
    if (weights != null) {
      question.putArray("weights").add(PolicyDraft.terms(weights));
    }
    if (algorithm != null) {
      question.put("algorithm", algorithm);
    }
    if (workers != null) {
      if (workers < 1) {
        throw new OptionFault("--workers", Integer.toString(workers), "1 or more");
      }
      question.put("workerCount", workers);
    }
    if (!added.isEmpty()) {
      ArrayNode all = question.putArray("addedWorkers");
      added.forEach(one -> all.add(worker(one)));
    }
    return question;
  }

  /** For example {@code CODING=0.9,REVIEW,like=laptop,count=2}. */
  private static ObjectNode worker(String text) {
    ObjectNode made = MeshApi.JSON.createObjectNode().put("count", 1);
    ObjectNode capabilities = made.putObject("capabilities");
    for (String part : text.split(",", -1)) {
      String one = part.strip();
      if (one.startsWith(LIKE)) {
        made.put("like", one.substring(LIKE.length()));
      } else if (one.startsWith(COUNT)) {
        made.put("count", count(one.substring(COUNT.length())));
      } else {
        capability(capabilities, one);
      }
    }
    return made;
  }

  private static int count(String text) {
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new OptionFault("--add-worker", COUNT + text, "count=1 or more");
    }
    return Integer.parseInt(text);
  }

  private static void capability(ObjectNode capabilities, String text) {
    Matcher parts = CAPABILITY.matcher(text);
    if (!parts.matches()) {
      throw new OptionFault(
          "--add-worker", text, "NAME or NAME=PROFICIENCY, like=WORKER or count=N");
    }
    String proficiency = parts.group(2) == null ? "1" : parts.group(2);
    try {
      capabilities.put(parts.group(1), Double.parseDouble(proficiency));
    } catch (NumberFormatException e) {
      throw new OptionFault("--add-worker", text, "a number, like " + parts.group(1) + "=0.9");
    }
  }
}
