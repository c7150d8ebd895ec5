package dev.weft.scaler.local;

import dev.weft.parts.PoolRecipe;
import dev.weft.scaler.app.PoolCatalog;
import dev.weft.scaler.domain.pool.PoolName;
import dev.weft.scaler.domain.pool.PoolRules;
import dev.weft.scaler.domain.pool.PoolSize;
import dev.weft.scaler.domain.pool.PoolSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The pools of a directory of recipes; without a directory there are none. */
public final class RecipeCatalog implements PoolCatalog {

  private static final String SUFFIX = ".json";

  private final Optional<Path> directory;
  private final PoolRules rules;

  public RecipeCatalog(Optional<Path> directory, PoolRules rules) {
    this.directory = directory;
    this.rules = rules;
  }

  @Override
  public List<PoolSpec> pools() {
    return directory.map(this::pools).orElse(List.of());
  }

  private List<PoolSpec> pools(Path recipes) {
    try (Stream<Path> files = Files.list(recipes)) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .map(this::pool)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(recipes + ": can't be listed", e);
    }
  }

  private PoolSpec pool(Path file) {
    PoolRecipe recipe = PoolRecipe.read(file);
    try {
      if (!recipe.provider().equals(PoolRecipe.LOCAL_PROCESS)) {
        throw new IllegalArgumentException(
            "provider: " + recipe.provider() + " (expected: " + PoolRecipe.LOCAL_PROCESS + ")");
      }
      return new PoolSpec(
          new PoolName(recipe.name()),
          recipe.provider(),
          new PoolSize(recipe.desired(), recipe.least(), recipe.most()),
          recipe.slots().stream().map(PoolRecipe.Slot::name).toList(),
          rules);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
