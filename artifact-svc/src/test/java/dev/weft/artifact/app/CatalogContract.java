package dev.weft.artifact.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.ArtifactCatalog.NewArtifact;
import dev.weft.artifact.app.ArtifactCatalog.PageQuery;
import dev.weft.artifact.app.Garbage.Location;
import dev.weft.artifact.domain.ArtifactContent;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.BlobSeal;
import dev.weft.artifact.domain.BlobSeal.Sealed;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog must do. */
public abstract class CatalogContract {

  protected static final Duration GRACE = Duration.ofHours(1);
  protected static final Duration DAY = Duration.ofDays(1);
  private static final Duration LONG = GRACE.multipliedBy(2);

  protected BlobCatalog blobs;
  protected ArtifactCatalog artifacts;
  protected Garbage garbage;
  protected final String tenant = "acme-" + UUID.randomUUID().toString().substring(0, 8);
  private final String other = "other-" + UUID.randomUUID().toString().substring(0, 8);

  /** Sets the three fields to an empty catalog with {@link #GRACE}. */
  protected abstract void open();

  @BeforeEach
  void openEach() {
    open();
  }

  /** Makes everything that is stored older. */
  protected abstract void pass(Duration time);

  @Test
  void whatWasRecordedIsHeldAndLocated() {
    StoredBlob blob = recorded("a");

    assertThat(blobs.touch(tenant, List.of(blob.digest(), digest("b"))))
        .containsExactlyEntriesOf(Map.of(blob.digest(), 1L));
    assertThat(blobs.locate(tenant, List.of(blob.digest(), digest("b"))))
        .containsOnlyKeys(blob.digest())
        .containsValue(new BlobCatalog.Located(blob, false));
  }

  @Test
  void tenantsDoNotSeeEachOther() {
    StoredBlob blob = recorded("a");
    ArtifactRecord artifact = added("name", "task", "a");

    assertThat(blobs.touch(other, List.of(blob.digest()))).isEmpty();
    assertThat(blobs.locate(other, List.of(blob.digest()))).isEmpty();
    assertThat(blobs.hold(UUID.randomUUID(), other, List.of(blob.digest()))).isFalse();
    assertThat(artifacts.find(other, artifact.id())).isEmpty();
    assertThat(artifacts.newest(other, "name")).isEmpty();
    assertThat(artifacts.page(query(other, "", ""))).isEmpty();
    assertThat(artifacts.remove(other, artifact.id())).isFalse();
    assertThat(artifacts.find(tenant, artifact.id())).contains(artifact);
    assertThat(artifacts.add(fresh(other, "", "", "a", DAY), List.of())).isEmpty();
  }

  @Test
  void aBlobThatIsHeldStaysWhereItIs() {
    StoredBlob first = recorded("a");
    StoredBlob second = blob("a", "elsewhere");

    assertThat(blobs.record(tenant, List.of(second))).containsExactly("elsewhere");
    assertThat(located("a").blob()).isEqualTo(first);
  }

  @Test
  void aDamagedBlobIsNotHeldUntilItComesAgain() {
    StoredBlob first = recorded("a");
    blobs.damaged(tenant, blob("a", "where it was long ago"));
    assertThat(blobs.touch(tenant, List.of(first.digest()))).isNotEmpty();

    blobs.damaged(tenant, first);
    assertThat(blobs.touch(tenant, List.of(first.digest()))).isEmpty();
    assertThat(artifacts.add(fresh(tenant, "", "", "a", DAY), List.of())).isEmpty();
    assertThat(located("a").damaged()).isTrue();

    StoredBlob second = blob("a", "elsewhere");
    assertThat(blobs.record(tenant, List.of(second))).isEmpty();
    assertThat(located("a")).isEqualTo(new BlobCatalog.Located(second, false));
  }

  @Test
  void anArtifactNeedsAllItsBlobs() {
    recorded("a");

    assertThat(artifacts.add(fresh(tenant, "", "", "missing", DAY), List.of())).isEmpty();
    assertThat(artifacts.add(fresh(tenant, "", "", "a", DAY), List.of(digest("missing"))))
        .isEmpty();
    assertThat(artifacts.page(query(tenant, "", ""))).isEmpty();
    pass(LONG);
    assertThat(swept()).hasSize(1);
  }

  @Test
  void theNewestIsFoundByName() {
    recorded("a");
    added("n", "", "a");
    ArtifactRecord newest = added("n", "", "a");
    added("m", "", "a");

    assertThat(artifacts.newest(tenant, "n")).contains(newest);
    assertThat(artifacts.newest(tenant, "")).isEmpty();
    assertThat(artifacts.newest(tenant, "x")).isEmpty();
  }

  @Test
  void anExpiredArtifactIsGoneAtOnce() {
    recorded("a");
    ArtifactRecord artifact = add(fresh(tenant, "n", "t", "a", Duration.ofHours(3)));
    pass(Duration.ofHours(3).plusSeconds(1));

    assertThat(artifacts.find(tenant, artifact.id())).isEmpty();
    assertThat(artifacts.newest(tenant, "n")).isEmpty();
    assertThat(artifacts.page(query(tenant, "", ""))).isEmpty();
    assertThat(artifacts.page(query(tenant, "n", ""))).isEmpty();
  }

  @Test
  void itsTimesAreTheLifetimeApart() {
    recorded("a");
    ArtifactRecord artifact = add(fresh(tenant, "n", "t", "a", Duration.ofHours(3)));

    assertThat(Duration.between(artifact.created(), artifact.expires()))
        .isEqualTo(Duration.ofHours(3));
    assertThat(artifacts.find(tenant, artifact.id())).contains(artifact);
  }

  @Test
  void pagesAreInOrderAndFiltered() {
    recorded("a");
    List<ArtifactRecord> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.addFirst(added("n" + i % 2, "t" + i % 3, "a"));
    }

    assertThat(artifacts.page(query(tenant, "", ""))).isEqualTo(all);
    assertThat(artifacts.page(query(tenant, "n1", "")))
        .containsExactly(all.get(0), all.get(2), all.get(4));
    assertThat(artifacts.page(query(tenant, "", "t0"))).containsExactly(all.get(2), all.get(5));
    assertThat(artifacts.page(query(tenant, "n1", "t0"))).containsExactly(all.get(2));
    assertThat(artifacts.page(new PageQuery(tenant, "", "", OptionalLong.of(all.get(1).seq()), 2)))
        .containsExactly(all.get(2), all.get(3));
  }

  @Test
  void whatNothingHoldsGoesAfterTheGraceTime() {
    StoredBlob blob = recorded("a");
    assertThat(swept()).isEmpty();
    pass(LONG);

    assertThat(swept()).containsExactly(new Location(tenant, blob.location()));
    assertThat(blobs.touch(tenant, List.of(blob.digest()))).isEmpty();
    assertThat(blobs.locate(tenant, List.of(blob.digest()))).isEmpty();
  }

  @Test
  void aTouchedBlobStaysForTheGraceTime() {
    StoredBlob blob = recorded("a");
    pass(LONG);
    blobs.touch(tenant, List.of(blob.digest()));
    pass(GRACE.minusMinutes(1));

    assertThat(swept()).isEmpty();
    pass(LONG);
    assertThat(swept()).hasSize(1);
  }

  @Test
  void aHeldBlobStaysAndAFreedOneHasTheGraceTimeAgain() {
    recorded("a");
    ArtifactRecord first = added("", "", "a");
    ArtifactRecord second = added("", "", "a");
    pass(LONG);
    assertThat(swept()).isEmpty();
    artifacts.remove(tenant, first.id());
    pass(LONG);
    assertThat(swept()).isEmpty();

    artifacts.remove(tenant, second.id());
    assertThat(swept()).isEmpty();
    pass(LONG);
    assertThat(swept()).hasSize(1);
  }

  @Test
  void otherBlobsOfAnArtifactAreHeldToo() {
    recorded("tree");
    recorded("file");
    ArtifactRecord artifact =
        artifacts.add(fresh(tenant, "", "", "tree", DAY), List.of(digest("file"))).orElseThrow();
    pass(LONG);
    assertThat(swept()).isEmpty();

    artifacts.remove(tenant, artifact.id());
    pass(LONG);
    assertThat(swept()).hasSize(2);
  }

  @Test
  void aHoldEndsWhenItIsReleased() {
    recorded("a");
    UUID holder = UUID.randomUUID();
    assertThat(blobs.hold(holder, tenant, List.of(digest("a"), digest("a")))).isTrue();
    assertThat(blobs.hold(holder, tenant, List.of(digest("a")))).isTrue();
    pass(LONG);
    assertThat(swept()).isEmpty();

    blobs.release(holder);
    pass(LONG);
    assertThat(swept()).hasSize(1);
  }

  @Test
  void expiredArtifactsFreeTheirBlobs() {
    recorded("a");
    for (int i = 0; i < 5; i++) {
      added("", "", "a");
    }
    assertThat(garbage.expire(3)).isZero();
    pass(DAY.plusSeconds(1));

    assertThat(garbage.expire(3)).isEqualTo(3);
    assertThat(garbage.expire(3)).isEqualTo(2);
    assertThat(garbage.expire(3)).isZero();
    pass(LONG);
    assertThat(swept()).hasSize(1);
  }

  @Test
  void locationsWithoutARowAreUnknown() {
    StoredBlob blob = recorded("a");

    assertThat(garbage.unknown(tenant, List.of(blob.location(), "x"))).containsExactly("x");
    assertThat(garbage.unknown(other, List.of(blob.location()))).hasSize(1);
  }

  @Test
  void aTenantIsErasedAndNobodyElse() {
    recorded("a");
    added("", "", "a");
    StoredBlob kept = blob("a", "kept");
    blobs.record(other, List.of(kept));
    ArtifactRecord others = add(fresh(other, "", "", "a", DAY));

    assertThat(garbage.erase(tenant, 10)).hasSize(1);
    assertThat(garbage.erase(tenant, 10)).isEmpty();
    assertThat(artifacts.page(query(tenant, "", ""))).isEmpty();
    assertThat(blobs.touch(tenant, List.of(digest("a")))).isEmpty();
    assertThat(artifacts.find(other, others.id())).contains(others);
    assertThat(blobs.touch(other, List.of(digest("a")))).isNotEmpty();
  }

  protected static Digest digest(String content) {
    return Digest.ofContent(content.getBytes(StandardCharsets.UTF_8));
  }

  protected static StoredBlob blob(String content, String location) {
    Sealed sealed = BlobSeal.of(content.getBytes(StandardCharsets.UTF_8));
    return new StoredBlob(sealed.digest(), sealed.size(), location, sealed.checks());
  }

  protected StoredBlob recorded(String content) {
    StoredBlob blob = blob(content, "at-" + UUID.randomUUID());
    assertThat(blobs.record(tenant, List.of(blob))).isEmpty();
    return blob;
  }

  protected ArtifactRecord added(String name, String task, String content) {
    return add(fresh(tenant, name, task, content, DAY));
  }

  private ArtifactRecord add(NewArtifact artifact) {
    Optional<ArtifactRecord> added = artifacts.add(artifact, List.of());
    return added.orElseThrow();
  }

  protected static NewArtifact fresh(
      String tenant, String name, String task, String content, Duration lifetime) {
    return new NewArtifact(
        UUID.randomUUID(),
        tenant,
        new ArtifactContent(name, digest(content), content.length(), "text/plain", task),
        lifetime);
  }

  private static PageQuery query(String tenant, String name, String task) {
    return new PageQuery(tenant, name, task, OptionalLong.empty(), 100);
  }

  private BlobCatalog.Located located(String content) {
    return blobs.locate(tenant, List.of(digest(content))).get(digest(content));
  }

  /** This tenant's; tests may share a database. */
  private List<Location> swept() {
    return garbage.sweep(1_000).stream().filter(one -> one.tenant().equals(tenant)).toList();
  }
}
