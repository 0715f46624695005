package io.perigee.benchmarks.measure;

/** What figures depend on besides the code. */
public record Machine(int cores, String kernel, String jdk) {

  /** This one. */
  public static Machine here() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }
}
