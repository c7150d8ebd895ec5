package dev.weft.router.domain.journal;

import java.util.List;

/** What a commit records of choices and of what they are made from. */
public record PlacementRows(
    List<TenantDecisions> decisions,
    List<ShapeWait> waits,
    List<ShapeRow> newShapes,
    List<Integer> droppedShapes,
    List<WorkerDrain> drains) {}
