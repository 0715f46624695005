package io.perigee.agent.containers;

/**
 * One limit of the kernel for each process of a container (setrlimit(2)).
 *
 * @param soft in the resource's unit; {@link #UNLIMITED}: none
 * @param hard as {@code soft}, and at least that
 */
public record ProcessLimit(Resource resource, long soft, long hard) {
  public static final long UNLIMITED = -1;

  /** Linux' numbers on x86 and ARM. */
  public enum Resource {
    CPU(0),
    FSIZE(1),
    DATA(2),
    STACK(3),
    CORE(4),
    RSS(5),
    NPROC(6),
    NOFILE(7),
    MEMLOCK(8),
    AS(9),
    LOCKS(10),
    SIGPENDING(11),
    MSGQUEUE(12),
    NICE(13),
    RTPRIO(14),
    RTTIME(15);

    private final int number;

    Resource(int number) {
      this.number = number;
    }

    /** The kernel's number of this resource. */
    public int number() {
      return number;
    }
  }

  public ProcessLimit {
    if (soft < UNLIMITED || hard < UNLIMITED) {
      throw new IllegalArgumentException("not a limit: " + soft + ", " + hard);
    }
  }
}
