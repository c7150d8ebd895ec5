package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;
import java.util.List;

/** A code analysis tool and the languages that it reads. */
public record CodeAnalysis(String tool, List<String> languages) {

  public CodeAnalysis {
    Check.text("tool", tool, 128);
    languages.forEach(language -> Check.text("languages", language, 64));
    languages = Check.distinct("languages", languages, 256, language -> language);
  }
}
