package dev.weft.registry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.registry.domain.profile.Profiles;
import dev.weft.registry.domain.profile.WorkerProfile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProfileJsonTest {

  private static final List<WorkerProfile> PROFILES =
      List.of(Profiles.gpu("gpu-1"), Profiles.browser("browser-1"), Profiles.sandbox("sandbox-1"));

  @Test
  void whatWasWrittenReadsAsTheSame() {
    for (WorkerProfile profile : PROFILES) {
      assertThat(ProfileJson.read(ProfileJson.write(profile))).isEqualTo(profile);
    }
  }

  @Test
  void betweenThemTheProfilesOfThisTestStateEverything() throws ReflectiveOperationException {
    for (RecordComponent part : WorkerProfile.class.getRecordComponents()) {
      if (!part.getType().isRecord()) {
        continue;
      }
      for (RecordComponent field : part.getType().getRecordComponents()) {
        boolean stated = false;
        for (WorkerProfile profile : PROFILES) {
          Object holder = Objects.requireNonNull(part.getAccessor().invoke(profile));
          Object value = field.getAccessor().invoke(holder);
          stated |= value != null && !(value instanceof List<?> list && list.isEmpty());
        }
        assertThat(stated).as("%s.%s", part.getName(), field.getName()).isTrue();
      }
    }
  }

  @Test
  void aRowOfTheFirstReleaseCanStillBeRead() throws IOException {
    try (InputStream file = ProfileJsonTest.class.getResourceAsStream("/profile-v1.json")) {
      String stored =
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);

      assertThat(ProfileJson.read(stored)).isEqualTo(Profiles.sandbox("sandbox-1"));
    }
  }

  @Test
  void aFieldOfALaterReleaseIsPassedOver() {
    String stored = ProfileJson.write(PROFILES.getFirst());

    String later = stored.replaceFirst("\\{", "{\"fromTheFuture\":[1],");

    assertThat(ProfileJson.read(later)).isEqualTo(PROFILES.getFirst());
  }

  @Test
  void rubbishIsNoProfile() {
    assertThatIllegalStateException().isThrownBy(() -> ProfileJson.read("{}"));
    assertThatIllegalStateException().isThrownBy(() -> ProfileJson.read("not json"));
  }
}
