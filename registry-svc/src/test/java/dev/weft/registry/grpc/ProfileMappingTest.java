package dev.weft.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weft.proto.workers.v1.Capability;
import dev.weft.proto.workers.v1.Gpu;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.registry.domain.check.InvalidFieldException;
import dev.weft.registry.domain.profile.Profiles;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProfileMappingTest {

  /** Fields that take only certain texts. */
  private static final Map<String, String> TEXTS =
      Map.of(
          "weft.workers.v1.Capability.name", "CODING",
          "weft.workers.v1.WorkerProfile.limits_scope", "process",
          "weft.workers.v1.Price.currency_code", "USD");

  @Test
  void everyFieldOfTheProfileComesBack() throws InvalidProtocolBufferException {
    WorkerProfile full =
        WorkerProfile.parseFrom(filled(WorkerProfile.getDefaultInstance()).toByteArray());

    WorkerProfile back = ProfileWriter.write(ProfileReader.read(full));

    assertThat(back).isEqualTo(full);
  }

  @Test
  void theFilledProfileLeavesNoFieldAtItsDefault() {
    Set<String> unset = new TreeSet<>();
    collectUnset(filled(WorkerProfile.getDefaultInstance()), unset);

    assertThat(unset).isEmpty();
  }

  @Test
  void whatAWorkerDoesNotStateStaysUnstated() {
    for (var profile : List.of(Profiles.gpu("g"), Profiles.browser("b"), Profiles.sandbox("s"))) {
      assertThat(ProfileReader.read(ProfileWriter.write(profile))).isEqualTo(profile);
    }
  }

  @Test
  void anErrorNamesThePathToTheField() {
    WorkerProfile.Builder profile = ProfileWriter.write(Profiles.gpu("g")).toBuilder();

    assertInvalid(
        profile.clone().setCapabilities(1, Capability.newBuilder().setName("X").setProficiency(2)),
        "capabilities[1].proficiency");
    assertInvalid(
        profile
            .clone()
            .setHardware(
                profile.getHardware().toBuilder()
                    .setGpus(1, Gpu.newBuilder().setModel("m").setMemoryBytes(-1))),
        "hardware.gpus[1].memory_bytes");
    assertInvalid(profile.clone().clearHardware(), "hardware");
    assertInvalid(profile.clone().clearLocation(), "location");
    assertInvalid(profile.clone().clearSandboxLevel(), "sandbox_level");
    assertInvalid(profile.clone().setSandboxLevelValue(99), "sandbox_level");
    assertInvalid(profile.clone().setLimitsScope(""), "limits_scope");
    assertInvalid(profile.clone().addQueues("a b"), "queues");
  }

  @Test
  void numbersBeyondTheSignAreRefusedAsWhatTheyAre() {
    WorkerProfile.Builder profile = ProfileWriter.write(Profiles.gpu("g")).toBuilder();
    profile.getHardwareBuilder().setDiskBytes(-1);

    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> ProfileReader.read(profile.build()))
        .withMessageContaining("18446744073709551615");
  }

  private static void assertInvalid(WorkerProfile.Builder profile, String field) {
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> ProfileReader.read(profile.build()))
        .satisfies(e -> assertThat(e.field()).isEqualTo(field));
  }

  /** Every field set to something else than its default, every list and map with entries. */
  private static Message filled(Message prototype) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(prototype.getDescriptorForType());
    int number = 1;
    for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
      number++;
      if (field.isMapField()) {
        FieldDescriptor key = field.getMessageType().findFieldByName("key");
        FieldDescriptor value = field.getMessageType().findFieldByName("value");
        message.addRepeatedField(
            field,
            DynamicMessage.newBuilder(field.getMessageType())
                .setField(key, "k")
                .setField(value, "v")
                .build());
      } else if (field.isRepeated()) {
        message.addRepeatedField(field, value(field, number));
      } else {
        message.setField(field, value(field, number));
      }
    }
    return message.build();
  }

  private static Object value(FieldDescriptor field, int number) {
    return switch (field.getJavaType()) {
      case INT -> number;
      case LONG -> (long) number;
      case FLOAT -> 0.5f;
      case DOUBLE -> 0.5;
      case BOOLEAN -> true;
      case STRING -> TEXTS.getOrDefault(field.getFullName(), "text-" + number);
      case BYTE_STRING -> throw new AssertionError("no bytes in a profile: " + field);
      case ENUM -> lastOf(field);
      case MESSAGE -> filled(DynamicMessage.getDefaultInstance(field.getMessageType()));
    };
  }

  private static EnumValueDescriptor lastOf(FieldDescriptor field) {
    return field.getEnumType().getValues().getLast();
  }

  private static void collectUnset(Message message, Set<String> unset) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean set =
          field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : message.hasField(field);
      if (!set) {
        unset.add(field.getFullName());
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
        Object value =
            field.isRepeated() ? message.getRepeatedField(field, 0) : message.getField(field);
        collectUnset((Message) value, unset);
      }
    }
  }
}
