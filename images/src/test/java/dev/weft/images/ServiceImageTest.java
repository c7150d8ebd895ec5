package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class ServiceImageTest {

  @Test
  void takesServicesInTheOrderInWhichAMeshStarts() {
    assertThat(ServiceImage.parse("worker-svc, gateway,registry-svc"))
        .containsExactly(ServiceImage.REGISTRY, ServiceImage.GATEWAY, ServiceImage.WORKER);
    assertThat(ServiceImage.parse("all")).containsExactly(ServiceImage.values());
  }

  @Test
  void anUnknownServiceIsRefusedWithThoseThatAreThere() {
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> ServiceImage.parse("registry"))
        .withMessageContaining("registry-svc, router-svc");
  }

  /** Otherwise nobody outside the container could reach it. */
  @Test
  void whatListensDoesSoOutsideItsLoopback() {
    assertThat(ServiceImage.ROUTER.environment())
        .containsEntry("QUARKUS_HTTP_HOST", "0.0.0.0")
        .containsEntry("WEFT_MESH_HOST", "0.0.0.0")
        .containsEntry("WEFT_MESH_PORT", "7110");
    assertThat(ServiceImage.WORKER.environment()).doesNotContainKey("QUARKUS_HTTP_HOST");
  }
}
