package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.WorkerId;

/**
 * One execution: its number inside the task, where, and under which fence. The row's start time is
 * the database's time of the commit that changes the fence.
 *
 * @param fence grows with every lease of the cell
 */
public record LeaseRef(int number, WorkerId worker, long fence) {}
