package dev.weft.worker.sandbox;

/**
 * System calls that no task needs and that reach past a sandbox: they change mounts, look into
 * other processes, make namespaces, load code into the kernel, or have had more holes than users.
 * Numbers are {@code (x86_64, aarch64)}; -1 where the architecture does not have the call.
 */
enum DeniedCall {
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  PIVOT_ROOT(155, 41),
  CHROOT(161, 51),
  OPEN_TREE(428, 428),
  MOVE_MOUNT(429, 429),
  FSOPEN(430, 430),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  FSPICK(433, 433),
  MOUNT_SETATTR(442, 442),
  OPEN_TREE_ATTR(467, 467),
  NAME_TO_HANDLE_AT(303, 264),
  OPEN_BY_HANDLE_AT(304, 265),

  PTRACE(101, 117),
  PROCESS_VM_READV(310, 270),
  PROCESS_VM_WRITEV(311, 271),
  PROCESS_MADVISE(440, 440),
  PIDFD_GETFD(438, 438),
  KCMP(312, 272),

  UNSHARE(272, 97),
  SETNS(308, 268),

  ADD_KEY(248, 217),
  REQUEST_KEY(249, 218),
  KEYCTL(250, 219),

  BPF(321, 280),
  IO_URING_SETUP(425, 425),
  IO_URING_ENTER(426, 426),
  IO_URING_REGISTER(427, 427),
  PERF_EVENT_OPEN(298, 241),
  USERFAULTFD(323, 282),
  FANOTIFY_INIT(300, 262),

  KEXEC_LOAD(246, 104),
  KEXEC_FILE_LOAD(320, 294),
  REBOOT(169, 142),
  CREATE_MODULE(174, -1),
  INIT_MODULE(175, 105),
  FINIT_MODULE(313, 273),
  DELETE_MODULE(176, 106),
  GET_KERNEL_SYMS(177, -1),
  QUERY_MODULE(178, -1),
  SYSLOG(103, 116),

  SWAPON(167, 224),
  SWAPOFF(168, 225),
  ACCT(163, 89),
  QUOTACTL(179, 60),
  QUOTACTL_FD(443, 443),
  SETTIMEOFDAY(164, 170),
  CLOCK_SETTIME(227, 112),
  CLOCK_ADJTIME(305, 266),
  ADJTIMEX(159, 171),
  SETHOSTNAME(170, 161),
  SETDOMAINNAME(171, 162),
  IOPL(172, -1),
  IOPERM(173, -1),
  MODIFY_LDT(154, -1),
  VHANGUP(153, 58),

  MBIND(237, 235),
  SET_MEMPOLICY(238, 237),
  MIGRATE_PAGES(256, 238),
  MOVE_PAGES(279, 239),

  LOOKUP_DCOOKIE(212, 18),
  NFSSERVCTL(180, 42),
  USELIB(134, -1),
  USTAT(136, -1),
  SYSFS(139, -1),
  SYSCTL(156, -1);

  private final int x86;
  private final int arm;

  DeniedCall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /** The call's number, or -1. */
  int number(Architecture architecture) {
    return architecture == Architecture.X86_64 ? x86 : arm;
  }
}
