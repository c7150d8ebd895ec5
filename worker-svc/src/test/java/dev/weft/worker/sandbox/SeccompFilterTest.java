package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The filter's verdicts, by running its program as the kernel would; also for the machine that the
 * tests don't run on.
 */
class SeccompFilterTest {

  private static final int READ_LIKE_CALL = 63;

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyDeniedCallIsDeniedAndItsNeighboursAreDecidedForThemselves(Architecture machine) {
    for (DeniedCall call : DeniedCall.values()) {
      int number = call.number(machine);
      if (number >= 0) {
        assertThat(verdict(machine, machine.auditId(), number)).isEqualTo(SeccompFilter.DENY);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void ordinaryCallsAreAllowed(Architecture machine) {
    assertThat(verdict(machine, machine.auditId(), READ_LIKE_CALL)).isEqualTo(SeccompFilter.ALLOW);
    assertThat(verdict(machine, machine.auditId(), 0)).isEqualTo(SeccompFilter.ALLOW);
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void foreignArchitectureKills(Architecture machine) {
    for (Architecture other : Architecture.values()) {
      if (other != machine) {
        assertThat(verdict(machine, other.auditId(), READ_LIKE_CALL)).isEqualTo(SeccompFilter.KILL);
      }
    }
    int i386 = 0x40000003;
    assertThat(verdict(machine, i386, READ_LIKE_CALL)).isEqualTo(SeccompFilter.KILL);
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void cloneIsJudgedByItsFlags(Architecture machine) {
    int clone = machine.cloneCall();
    assertThat(verdict(machine, machine.auditId(), clone, 0x01200011))
        .isEqualTo(SeccompFilter.ALLOW);
    for (int bit : new int[] {17, 25, 26, 27, 28, 29, 30}) {
      assertThat(verdict(machine, machine.auditId(), clone, 1L << bit))
          .isEqualTo(SeccompFilter.DENY);
    }
    assertThat(verdict(machine, machine.auditId(), machine.clone3Call()))
        .isEqualTo(SeccompFilter.NO_SUCH_CALL);
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void terminalsSocketsAndPersonalitiesAreJudgedByTheirArguments(Architecture machine) {
    int audit = machine.auditId();
    assertThat(verdict(machine, audit, machine.ioctlCall(), 0, 0x5412))
        .isEqualTo(SeccompFilter.DENY);
    assertThat(verdict(machine, audit, machine.ioctlCall(), 0, 0x1_0000_5412L))
        .isEqualTo(SeccompFilter.DENY);
    assertThat(verdict(machine, audit, machine.ioctlCall(), 0, 0x5401))
        .isEqualTo(SeccompFilter.ALLOW);
    assertThat(verdict(machine, audit, machine.socketCall(), 2, 1)).isEqualTo(SeccompFilter.ALLOW);
    assertThat(verdict(machine, audit, machine.socketCall(), 16, 3, 0))
        .isEqualTo(SeccompFilter.ALLOW);
    assertThat(verdict(machine, audit, machine.socketCall(), 16, 3, 9))
        .isEqualTo(SeccompFilter.NO_SUCH_FAMILY);
    assertThat(verdict(machine, audit, machine.socketCall(), 40, 1))
        .isEqualTo(SeccompFilter.NO_SUCH_FAMILY);
    assertThat(verdict(machine, audit, machine.personalityCall(), 0x40000))
        .isEqualTo(SeccompFilter.DENY);
    assertThat(verdict(machine, audit, machine.personalityCall(), 0xFFFFFFFFL))
        .isEqualTo(SeccompFilter.ALLOW);
  }

  /** A classic BPF machine, of the instructions that the filter has. */
  private static int verdict(Architecture program, int audit, int number, long... arguments) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0, number).putInt(4, audit);
    for (int i = 0; i < arguments.length; i++) {
      data.putLong(16 + 8 * i, arguments[i]);
    }
    ByteBuffer code =
        ByteBuffer.wrap(SeccompFilter.program(program)).order(ByteOrder.LITTLE_ENDIAN);
    int accumulator = 0;
    for (int at = 0; at < code.capacity(); at += 8) {
      int value = code.getInt(at + 4);
      boolean holds;
      switch (code.getShort(at)) {
        case 0x20 -> {
          accumulator = data.getInt(value);
          continue;
        }
        case 0x54 -> {
          accumulator &= value;
          continue;
        }
        case 0x06 -> {
          return value;
        }
        case 0x15 -> holds = accumulator == value;
        case 0x35 -> holds = Integer.compareUnsigned(accumulator, value) >= 0;
        case 0x45 -> holds = (accumulator & value) != 0;
        default -> throw new AssertionError("instruction " + code.getShort(at));
      }
      at += 8 * (holds ? code.get(at + 2) : code.get(at + 3));
    }
    throw new AssertionError("the program has no end");
  }
}
