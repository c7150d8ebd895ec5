package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.Money;
import dev.weft.cli.output.OptionFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command to run and what it needs, as options; becomes the JSON of a TaskSpec. */
final class SpecOptions {
  private static final int INLINE_LIMIT = 64 * 1024;
  private static final List<String> ON_LOST = List.of("retry", "fail");
  private static final List<String> SANDBOXES =
      List.of("none", "landlock", "bubblewrap", "microvm");

  @Parameters(
      arity = "1..*",
      paramLabel = "ARGV",
      description = "program and arguments, after --; nothing interprets them")
  List<String> argv = new ArrayList<>();

  @Option(names = "--shell", description = "give the one argument to /bin/sh -c on the worker")
  boolean shell;

  @Mixin final NeedOptions needs = new NeedOptions();

  @Mixin final OrderOptions order = new OrderOptions();

  @Option(
      names = "--timeout",
      paramLabel = "T",
      description = "longest run of one attempt, for example 30s (default: 1h)")
  @Nullable String timeout;

  @Option(
      names = "--budget",
      paramLabel = "AMOUNT[CUR]",
      description =
          "most that it may cost in all its attempts, for example 0.05 (USD) or 0.05EUR; then it is"
              + " killed and fails")
  @Nullable String budget;

  @Option(
      names = "--budget-tokens",
      paramLabel = "N",
      description =
          "most tokens of models that it may report in all its attempts, in and out together; then"
              + " it is killed and fails")
  @Nullable Long budgetTokens;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "repeats of a failed attempt (default of run: 0, of submit: 3)")
  @Nullable Integer retries;

  @Option(
      names = "--on-lost",
      paramLabel = "WHAT",
      description = "retry (default) or fail when its worker is lost")
  @Nullable String onLost;

  @Option(names = "--name", description = "a free name for people")
  @Nullable String name;

  @Option(
      names = "--env",
      paramLabel = "K=V",
      description = "set in the command's environment; repeatable")
  Map<String, String> environment = new LinkedHashMap<>();

  @Option(
      names = "--file",
      paramLabel = "LOCAL[:PATH]",
      description = "put this file into the workspace, there named PATH; repeatable; 64 KiB in all")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--stdin",
      description = "give this command's standard input to the task (64 KiB at most)")
  boolean stdin;

  @Option(
      names = "--network",
      description = "let it use the worker's own network (default: none at all)")
  boolean network;

  @Option(
      names = "--secret",
      paramLabel = "VAR[=NAME]",
      description =
          "the tenant's secret NAME as variable VAR, of the same name unless told; repeatable")
  List<String> secrets = new ArrayList<>();

  @Mixin final ResourceOptions resources = new ResourceOptions();

  @Option(
      names = "--sandbox",
      paramLabel = "LEVEL",
      description = "least sandbox: none, landlock, bubblewrap (default), microvm")
  @Nullable String sandbox;

  ObjectNode toSpec(Context context, int defaultRetries) {
    ObjectNode spec = MeshApi.JSON.createObjectNode();
    spec.set("shell", executor(context));
    needs.addTo(spec);
    resources.addTo(spec);
    order.addTo(spec);
    if (timeout != null) {
      spec.put("timeout", Amounts.protoJson(Amounts.duration("--timeout", timeout)));
    }
    addBudget(spec);
    if (retries != null && retries < 0) {
      throw new OptionFault("--retries", retries.toString(), "0 or more");
    }
    int maxRetries = retries == null ? defaultRetries : retries;
    if (maxRetries >= 0) {
      spec.putObject("retryPolicy").put("maxRetries", maxRetries);
    }
    if (onLost != null) {
      spec.put("onLost", wireName("--on-lost", onLost, "ON_LOST_", ON_LOST));
    }
    putText(spec, "displayName", name);
    if (network) {
      spec.put("networkAccess", "NETWORK_ACCESS_OPEN");
    }
    if (!secrets.isEmpty()) {
      ArrayNode references = spec.putArray("secrets");
      secrets.forEach(text -> references.add(secret(text)));
    }
    if (sandbox != null) {
      spec.put("sandboxLevel", wireName("--sandbox", sandbox, "SANDBOX_LEVEL_", SANDBOXES));
    }
    return spec;
  }

  private void addBudget(ObjectNode spec) {
    if (budget != null) {
      Money.parse("--budget", budget).putInto(spec.putObject("budget"));
    }
    if (budgetTokens != null) {
      if (budgetTokens < 1) {
        throw new OptionFault("--budget-tokens", budgetTokens.toString(), "1 or more");
      }
      spec.withObjectProperty("budget").put("llmTokens", budgetTokens.toString());
    }
  }

  private static String wireName(String option, String text, String prefix, List<String> known) {
    if (!known.contains(text.toLowerCase(Locale.ROOT))) {
      throw new OptionFault(option, text, "one of " + String.join(", ", known));
    }
    return prefix + text.toUpperCase(Locale.ROOT);
  }

  private ObjectNode executor(Context context) {
    ObjectNode executor = MeshApi.JSON.createObjectNode();
    if (shell && argv.size() != 1) {
      throw new IllegalArgumentException(
          "--shell: " + argv.size() + " arguments (expected: exactly one, the script)");
    }
    ArrayNode words = executor.putArray("argv");
    argv.forEach(words::add);
    if (shell) {
      executor.put("useShell", true);
    }
    if (!environment.isEmpty()) {
      ObjectNode variables = executor.putObject("environment");
      environment.forEach(variables::put);
    }
    if (!files.isEmpty()) {
      ArrayNode inline = executor.putArray("files");
      files.forEach(file -> inline.add(inlineFile(context, file)));
    }
    if (stdin) {
      executor.put("stdin", readStdin(context.in()));
    }
    return executor;
  }

  private static ObjectNode inlineFile(Context context, String argument) {
    int colon = argument.lastIndexOf(':');
    Path local = context.path(colon < 0 ? argument : argument.substring(0, colon));
    String path = colon < 0 ? String.valueOf(local.getFileName()) : argument.substring(colon + 1);
    try {
      if (Files.size(local) > INLINE_LIMIT) {
        throw new IllegalArgumentException(
            "--file "
                + local
                + ": "
                + Files.size(local)
                + " bytes (expected: <= "
                + INLINE_LIMIT
                + ")");
      }
      return MeshApi.JSON
          .createObjectNode()
          .put("path", path)
          .put("content", Files.readAllBytes(local))
          .put("executable", Files.isExecutable(local));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--file " + local + ": can't be read (" + e.getMessage() + ")", e);
    }
  }

  private static byte[] readStdin(InputStream in) {
    try {
      byte[] bytes = in.readNBytes(INLINE_LIMIT + 1);
      if (bytes.length > INLINE_LIMIT) {
        throw new IllegalArgumentException(
            "--stdin: more than " + INLINE_LIMIT + " bytes (expected: at most that many)");
      }
      return bytes;
    } catch (IOException e) {
      throw new IllegalArgumentException("--stdin: " + e.getMessage(), e);
    }
  }

  private static String secret(String text) {
    int equals = text.indexOf('=');
    String variable = equals < 0 ? text : text.substring(0, equals);
    String name = equals < 0 ? text : text.substring(equals + 1);
    if (variable.isEmpty() || name.isEmpty()) {
      throw new OptionFault("--secret", text, "VAR or VAR=NAME");
    }
    return variable + "=secret://" + name;
  }

  private static void putText(ObjectNode node, String field, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      node.put(field, text);
    }
  }
}
