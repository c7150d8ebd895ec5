package dev.weft.router.domain.effort;

/**
 * What a task says of its work before it runs.
 *
 * @param inputBytes everything that is handed to it with the task
 * @param timeoutSeconds its longest run; 0 if it does not say
 * @param cpuMilli and
 * @param memoryMib what it takes while it runs
 */
public record Workload(
    long inputBytes, long timeoutSeconds, long cpuMilli, long memoryMib, int gpus) {}
