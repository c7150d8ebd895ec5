package dev.weft.worker.domain.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TreePrintTest {

  private static final Digest DIGEST = new Digest(1, 2, 3, 4);

  private static TreePath path(String name) throws TreeException {
    return TreePath.of(name.getBytes(StandardCharsets.UTF_8));
  }

  private static Digest print(TreeEntry... entries) {
    return TreePrint.of(new Tree(List.of(entries), List.of()));
  }

  @Test
  void equalTreesHaveOnePrint() throws Exception {
    assertThat(print(new TreeEntry.Regular(path("a"), 0644, 3, DIGEST, 5)))
        .isEqualTo(print(new TreeEntry.Regular(path("a"), 0644, 3, DIGEST, 5)));
  }

  @Test
  void eachDifferenceMakesAnother() throws Exception {
    List<Digest> prints =
        Stream.of(
                print(),
                print(new TreeEntry.Regular(path("a"), 0644, 3, DIGEST, 5)),
                print(new TreeEntry.Regular(path("b"), 0644, 3, DIGEST, 5)),
                print(new TreeEntry.Regular(path("a"), 0600, 3, DIGEST, 5)),
                print(new TreeEntry.Regular(path("a"), 0644, 4, DIGEST, 5)),
                print(new TreeEntry.Regular(path("a"), 0644, 3, new Digest(1, 2, 3, 5), 5)),
                print(new TreeEntry.Regular(path("a"), 0644, 3, DIGEST, 6)),
                print(new TreeEntry.Directory(path("a"), 0755, 5)),
                print(new TreeEntry.Link(path("a"), new byte[] {'b', 'c'})),
                print(new TreeEntry.Link(path("ab"), new byte[] {'c'})))
            .toList();

    assertThat(prints).doesNotHaveDuplicates();
  }
}
