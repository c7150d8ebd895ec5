package dev.weft.worker.sandbox;

import java.util.Optional;

/** The machines that we know the system calls of. */
enum Architecture {
  X86_64(0xC000003E, 56, 16, 41, 135, 435),
  AARCH64(0xC00000B7, 220, 29, 198, 92, 435);

  private final int auditId;
  private final int cloneCall;
  private final int ioctlCall;
  private final int socketCall;
  private final int personalityCall;
  private final int clone3Call;

  Architecture(
      int auditId,
      int cloneCall,
      int ioctlCall,
      int socketCall,
      int personalityCall,
      int clone3Call) {
    this.auditId = auditId;
    this.cloneCall = cloneCall;
    this.ioctlCall = ioctlCall;
    this.socketCall = socketCall;
    this.personalityCall = personalityCall;
    this.clone3Call = clone3Call;
  }

  /** This machine's, if we know it. */
  static Optional<Architecture> ofName(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }

  /** How the kernel names it to filters. */
  int auditId() {
    return auditId;
  }

  int cloneCall() {
    return cloneCall;
  }

  int ioctlCall() {
    return ioctlCall;
  }

  int socketCall() {
    return socketCall;
  }

  int personalityCall() {
    return personalityCall;
  }

  int clone3Call() {
    return clone3Call;
  }
}
