package dev.weft.gateway.domain;

import dev.weft.gateway.domain.TaskDraft.Inputs;
import dev.weft.gateway.domain.TaskDraft.Shell;
import dev.weft.gateway.domain.TaskDraft.Work;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What makes a task's workspace and secrets well-formed; whether they exist is asked elsewhere. */
public final class InputRules {

  static final int MOST_SECRETS = 32;

  private static final String SCHEME = "secret://";

  private final Faults faults;

  InputRules(Faults faults) {
    this.faults = faults;
  }

  void check(Inputs inputs, Work work) {
    String workspace = inputs.workspaceArtifact();
    faults.unless(
        workspace.isEmpty() || ArtifactRules.isId(workspace),
        "spec.workspace_artifact",
        workspace,
        "art_ and 26 characters");
    faults.unless(
        inputs.secrets().size() <= MOST_SECRETS,
        "spec.secrets",
        inputs.secrets().size() + " secrets",
        "at most " + MOST_SECRETS);
    faults.unless(
        inputs.secrets().isEmpty() || work instanceof Shell,
        "spec.secrets",
        inputs.secrets().size() + " secrets",
        "none without a command");
    Set<String> variables = new HashSet<>();
    if (work instanceof Shell shell) {
      variables.addAll(shell.environment().keySet());
    }
    for (int i = 0; i < inputs.secrets().size(); i++) {
      secret("spec.secrets[" + i + "]", inputs.secrets().get(i), variables);
    }
  }

  private void secret(String field, String text, Set<String> variables) {
    int equals = text.indexOf('=');
    String variable = equals < 0 ? "" : text.substring(0, equals);
    if (!ShellRules.VARIABLE.matcher(variable).matches()
        || !text.startsWith(SCHEME, equals + 1)
        || !SecretName.isValid(nameIn(text))) {
      // What stands there instead may be the value itself.
      faults.add(field, "(not shown)", "NAME=secret://name");
      return;
    }
    faults.unless(variables.add(variable), field, text, "a variable that is set nowhere else");
  }

  /** The names of secrets that a well-formed list asks for. */
  public static Set<String> names(List<String> secrets) {
    Set<String> names = new HashSet<>();
    secrets.forEach(text -> names.add(nameIn(text)));
    return names;
  }

  private static String nameIn(String text) {
    return text.substring(text.indexOf('=') + 1 + SCHEME.length());
  }
}
