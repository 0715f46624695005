package io.perigee.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A mistake in the real source of a core: compiled with one piece of text replaced, and simulated
 * in a class loader of its own.
 *
 * @param module folder of the module below the project's root
 * @param source file below its src/main/java
 * @param right what the source says
 * @param wrong what it says instead
 */
record PlantedBug(String name, String module, String source, String right, String wrong) {

  /** Simulates seeds until an invariant breaks, and returns what it said. */
  Optional<String> catchWith(int seeds) throws IOException, ReflectiveOperationException {
    Path classes = Files.createTempDirectory("planted-bug");
    try {
      compile(classes);
      return simulate(classes, seeds);
    } finally {
      try (var files = Files.walk(classes)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void compile(Path classes) throws IOException {
    Path file = Path.of("..").resolve(module).resolve("src/main/java").resolve(source);
    String text = Files.readString(file);
    assertThat(text.split(Pattern.quote(right), -1))
        .as("'%s' stands exactly once in %s", right, source)
        .hasSize(2);
    Path mutated = classes.resolve(file.getFileName());
    Files.writeString(mutated, text.replace(right, wrong));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int status =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-d",
            classes.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            mutated.toString());
    assertThat(status).as("the bug compiles").isZero();
  }

  private static Optional<String> simulate(Path classes, int seeds)
      throws IOException, ReflectiveOperationException {
    List<URL> urls = new ArrayList<>();
    urls.add(classes.toUri().toURL());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(url(entry));
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> config = loader.loadClass(SimulationConfig.class.getName());
      Class<?> simulation = loader.loadClass(Simulation.class.getName());
      for (long seed = 1; seed <= seeds; seed++) {
        Object seeded =
            config
                .getConstructor(long.class, int.class, int.class, Duration.class, Duration.class)
                .newInstance(seed, 30, 5, Duration.ofSeconds(20), Duration.ofSeconds(150));
        try {
          simulation.getMethod("run", config, Appendable.class).invoke(null, seeded, null);
        } catch (InvocationTargetException thrown) {
          return Optional.of(String.valueOf(thrown.getCause().getMessage()));
        }
      }
      return Optional.empty();
    }
  }

  private static URL url(String entry) throws MalformedURLException {
    return Path.of(entry).toUri().toURL();
  }

  @Override
  public String toString() {
    return name;
  }
}
