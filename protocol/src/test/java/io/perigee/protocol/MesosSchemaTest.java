package io.perigee.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares our messages with those that Mesos published. Its jar and the protobuf runtime that jar
 * needs are put under {@code target/} by the build and seen by one class loader only.
 */
class MesosSchemaTest {
  private static final Path JARS = Path.of("target", "mesos-schema");
  private static URLClassLoader mesos;

  @BeforeAll
  static void openTheJars() throws IOException {
    try (Stream<Path> files = Files.list(JARS)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      assertThat(jars).hasSize(2);
      URL[] urls = new URL[jars.size()];
      for (int i = 0; i < urls.length; i++) {
        urls[i] = jars.get(i).toUri().toURL();
      }
      mesos = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }
  }

  @AfterAll
  static void closeTheJars() throws IOException {
    mesos.close();
  }

  static List<FileDescriptor> files() {
    return MesosFiles.ALL;
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyMessageAndEnumIsThatOfMesos(FileDescriptor ours) throws Exception {
    FileDescriptorProto theirs = published(ours);
    assertThat(ours.toProto().getName()).isEqualTo(theirs.getName());
    assertThat(ours.toProto().getDependencyList())
        .containsExactlyInAnyOrderElementsOf(theirs.getDependencyList());

    Map<String, List<String>> expected = SchemaFacts.of(theirs);
    Map<String, List<String>> actual = SchemaFacts.of(ours.toProto());
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, lines) -> assertThat(actual.get(name)).as(name).isEqualTo(lines));
  }

  /** The comparison above would pass on nothing: this is how much there is to compare. */
  @Test
  void thePublishedFilesHold360MessagesAnd53Enums() throws Exception {
    Map<String, Integer> counts = new HashMap<>();
    for (FileDescriptor file : MesosFiles.ALL) {
      for (String name : SchemaFacts.of(published(file)).keySet()) {
        counts.merge(name.substring(0, name.indexOf(' ')), 1, Integer::sum);
      }
    }
    assertThat(counts).isEqualTo(Map.of("message", 360, "enum", 53));
  }

  /** The bytes of their descriptor, read with their protobuf and parsed with ours. */
  private static FileDescriptorProto published(FileDescriptor ours) throws Exception {
    String javaPackage =
        ours.getOptions().getJavaPackage().replace("io.perigee.mesos", "org.apache.mesos");
    Object descriptor =
        mesos.loadClass(javaPackage + ".Protos").getMethod("getDescriptor").invoke(null);
    Object proto = descriptor.getClass().getMethod("toProto").invoke(descriptor);
    return FileDescriptorProto.parseFrom(
        (byte[]) proto.getClass().getMethod("toByteArray").invoke(proto));
  }
}
