package dev.weft.router.domain.journal;

import java.util.List;

/** What a commit does to tasks. No task is in both lists. */
public record TaskRows(
    List<AdmittedTask> admitted,
    List<ChangedTask> changed,
    List<EndedAttempt> endedAttempts,
    List<TaskResult> results,
    List<DeadLetter> deadLetters,
    List<SettledLetter> settledLetters,
    List<UsedTokens> tokens) {}
