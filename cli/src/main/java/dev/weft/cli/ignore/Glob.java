package dev.weft.cli.ignore;

import dev.weft.cli.ignore.GlobToken.AnyByte;
import dev.weft.cli.ignore.GlobToken.Deep;
import dev.weft.cli.ignore.GlobToken.DeepFolders;
import dev.weft.cli.ignore.GlobToken.Literal;
import dev.weft.cli.ignore.GlobToken.OneOf;
import dev.weft.cli.ignore.GlobToken.Star;
import java.util.Arrays;
import java.util.List;

/**
 * A compiled glob. All ways to match are followed at once, so no pattern takes longer than its
 * length times the text's.
 */
final class Glob {
  private final List<GlobToken> tokens;
  private final byte[] literals;
  private final boolean suffixOnly;

  Glob(List<GlobToken> tokens) {
    this.tokens = List.copyOf(tokens);
    suffixOnly =
        !tokens.isEmpty()
            && tokens.getFirst() instanceof Star
            && tokens.stream().skip(1).allMatch(Literal.class::isInstance);
    List<GlobToken> plain =
        suffixOnly
            ? tokens.subList(1, tokens.size())
            : tokens.stream().takeWhile(Literal.class::isInstance).toList();
    literals = new byte[plain.size()];
    for (int i = 0; i < literals.length; i++) {
      literals[i] = (byte) ((Literal) plain.get(i)).value();
    }
  }

  /** Whether all of the text from there on matches. */
  boolean matches(byte[] text, int from) {
    int length = text.length - from;
    if (length < literals.length) {
      return false;
    }
    if (suffixOnly) {
      int suffix = text.length - literals.length;
      return startsWithLiterals(text, suffix) && !hasSlash(text, from, suffix);
    }
    if (!startsWithLiterals(text, from)) {
      return false;
    }
    return literals.length == tokens.size()
        ? length == literals.length
        : walk(text, from + literals.length);
  }

  private boolean startsWithLiterals(byte[] text, int from) {
    return Arrays.equals(text, from, from + literals.length, literals, 0, literals.length);
  }

  private static boolean hasSlash(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == '/') {
        return true;
      }
    }
    return false;
  }

  private boolean walk(byte[] text, int from) {
    States now = new States();
    States next = new States();
    now.reach(literals.length);
    for (int i = from; i < text.length && now.any; i++) {
      next.clear();
      for (int token = literals.length; token < tokens.size(); token++) {
        if (now.before[token] || now.inside[token]) {
          step(next, token, text[i] & 0xff);
        }
      }
      States spare = now;
      now = next;
      next = spare;
    }
    return now.before[tokens.size()];
  }

  private void step(States next, int token, int value) {
    switch (tokens.get(token)) {
      case Literal literal when literal.value() == value -> next.reach(token + 1);
      case AnyByte _ when value != '/' -> next.reach(token + 1);
      case OneOf set when set.bytes().get(value) -> next.reach(token + 1);
      case Star _ when value != '/' -> next.reach(token);
      case Deep _ -> next.reach(token);
      case DeepFolders _ -> {
        next.stay(token);
        if (value == '/') {
          next.reach(token + 1);
        }
      }
      default -> {
        // This way ends here.
      }
    }
  }

  /** Where in the pattern the text so far may have led. */
  private final class States {
    private final boolean[] before = new boolean[tokens.size() + 1];

    /** Among the folders of a double star, some of whose bytes have been read. */
    private final boolean[] inside = new boolean[tokens.size() + 1];

    private boolean any;

    void clear() {
      Arrays.fill(before, false);
      Arrays.fill(inside, false);
      any = false;
    }

    void stay(int token) {
      inside[token] = true;
      any = true;
    }

    /** Also what can be reached from there without a byte. */
    void reach(int token) {
      int to = token;
      before[to] = true;
      while (to < tokens.size() && mayBeEmpty(tokens.get(to))) {
        to++;
        before[to] = true;
      }
      any = true;
    }

    private static boolean mayBeEmpty(GlobToken token) {
      return token instanceof Star || token instanceof Deep || token instanceof DeepFolders;
    }
  }
}
