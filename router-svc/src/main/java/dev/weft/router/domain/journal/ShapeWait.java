package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Document;

/** Why tasks of a shape wait, written only when the reasons change; key (shape, commit number). */
public record ShapeWait(int shape, String tenant, Document body) {}
