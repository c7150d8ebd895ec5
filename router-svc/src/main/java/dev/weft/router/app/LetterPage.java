package dev.weft.router.app;

import java.util.List;
import java.util.Optional;

/**
 * A page, those that ended last first.
 *
 * @param next the {@code before} of the next page; empty at the end
 */
public record LetterPage(List<StoredLetter> letters, Optional<LetterCursor> next) {}
