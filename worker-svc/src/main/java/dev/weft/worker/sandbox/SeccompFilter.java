package dev.weft.worker.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The system-call filter of every sandbox, as a classic BPF program. What is denied answers EPERM,
 * so that programs go on without it; a foreign architecture's calls kill, since they could only be
 * there to get around the numbers.
 *
 * <p>clone3 answers ENOSYS: its flags lie in memory where a filter can't look, and libraries fall
 * back to clone then.
 */
final class SeccompFilter {

  private static final int LOAD = 0x20;
  private static final int AND = 0x54;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_AT_LEAST = 0x35;
  private static final int JUMP_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  private static final int NUMBER = 0;
  private static final int AUDIT = 4;
  private static final int FIRST_ARGUMENT = 16;
  private static final int SECOND_ARGUMENT = 24;
  private static final int THIRD_ARGUMENT = 32;

  static final int ALLOW = 0x7FFF0000;
  static final int KILL = 0x80000000;
  private static final int ERROR = 0x00050000;
  static final int DENY = ERROR | 1;
  static final int NO_SUCH_CALL = ERROR | 38;
  static final int NO_SUCH_FAMILY = ERROR | 97;

  /** Calls of the x32 variant carry this bit; nobody builds for it. */
  private static final int X32_BIT = 0x40000000;

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
  private static final int NEW_NAMESPACES = 0x7E020000;

  private static final int TIOCSTI = 0x5412;
  private static final int TIOCLINUX = 0x541C;

  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;

  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private final List<Instruction> program = new ArrayList<>();

  private SeccompFilter() {}

  /** The program's bytes, as the kernel takes them. */
  static byte[] program(Architecture architecture) {
    SeccompFilter filter = new SeccompFilter();
    filter.checkArchitecture(architecture);
    for (DeniedCall call : DeniedCall.values()) {
      int number = call.number(architecture);
      if (number >= 0) {
        filter.whenEqual(number, DENY);
      }
    }
    filter.whenEqual(architecture.clone3Call(), NO_SUCH_CALL);
    filter.checkClone(architecture.cloneCall());
    filter.checkIoctl(architecture.ioctlCall());
    filter.checkPersonality(architecture.personalityCall());
    filter.checkSocket(architecture.socketCall());
    filter.add(RETURN, ALLOW);
    return filter.bytes();
  }

  private void checkArchitecture(Architecture architecture) {
    add(LOAD, AUDIT);
    program.add(new Instruction(JUMP_EQUAL, 1, 0, architecture.auditId()));
    add(RETURN, KILL);
    add(LOAD, NUMBER);
    if (architecture == Architecture.X86_64) {
      program.add(new Instruction(JUMP_AT_LEAST, 0, 1, X32_BIT));
      add(RETURN, KILL);
    }
  }

  private void checkClone(int number) {
    skipUnless(number, 4);
    add(LOAD, FIRST_ARGUMENT);
    program.add(new Instruction(JUMP_ANY_BIT, 0, 1, NEW_NAMESPACES));
    add(RETURN, DENY);
    add(RETURN, ALLOW);
  }

  /** The kernel reads 32 bits of the command, so the filter does too. */
  private void checkIoctl(int number) {
    skipUnless(number, 6);
    add(LOAD, SECOND_ARGUMENT);
    whenEqual(TIOCSTI, DENY);
    whenEqual(TIOCLINUX, DENY);
    add(RETURN, ALLOW);
  }

  /** Asking and the plain one are harmless; the others weaken address randomisation. */
  private void checkPersonality(int number) {
    skipUnless(number, 6);
    add(LOAD, FIRST_ARGUMENT);
    whenEqual(0, ALLOW);
    whenEqual(0xFFFFFFFF, ALLOW);
    add(RETURN, DENY);
  }

  /** Families that reach hardware, the hypervisor or seldom used kernel code are not there. */
  private void checkSocket(int number) {
    skipUnless(number, 14);
    add(LOAD, FIRST_ARGUMENT);
    whenEqual(AF_UNIX, ALLOW);
    whenEqual(AF_INET, ALLOW);
    whenEqual(AF_INET6, ALLOW);
    program.add(new Instruction(JUMP_EQUAL, 1, 0, AF_NETLINK));
    add(RETURN, NO_SUCH_FAMILY);
    add(LOAD, THIRD_ARGUMENT);
    add(AND, 0xFFFF);
    whenEqual(0, ALLOW);
    add(RETURN, NO_SUCH_FAMILY);
  }

  private void skipUnless(int number, int instructions) {
    program.add(new Instruction(JUMP_EQUAL, 0, instructions, number));
  }

  private void whenEqual(int value, int verdict) {
    program.add(new Instruction(JUMP_EQUAL, 0, 1, value));
    add(RETURN, verdict);
  }

  private void add(int code, int value) {
    program.add(new Instruction(code, 0, 0, value));
  }

  private byte[] bytes() {
    ByteBuffer buffer = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (Instruction each : program) {
      buffer.putShort((short) each.code());
      buffer.put((byte) each.ifTrue());
      buffer.put((byte) each.ifFalse());
      buffer.putInt(each.value());
    }
    return buffer.array();
  }
}
