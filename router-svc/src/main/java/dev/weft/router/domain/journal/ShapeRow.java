package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Document;

/** Interned requirements. The placer numbers them; a number is never used for another shape. */
public record ShapeRow(int id, String tenant, Document definition) {}
