package io.perigee.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.perigee.common.planted.Circle;
import io.perigee.common.planted.KnowsMesos;
import io.perigee.common.planted.half.Half;
import io.perigee.master.core.planted.Impure;
import io.perigee.master.server.planted.UsesLibraries;
import io.perigee.master.server.planted.UsesOtherShell;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every wall against the real classes, and against one class planted to break it. */
class WallsTest {
  private static final Set<Module> COMMAND_LINE =
      EnumSet.of(Module.CLI, Module.CLI_DAEMON, Module.SIMULATOR);

  private static JavaClasses real;

  /** All of ours but what is generated from .proto files: that is protobuf's business. */
  @BeforeAll
  static void readClasses() {
    real =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(at -> !at.contains("/io/perigee/mesos/"))
            .withImportOption(at -> !at.contains("/io/perigee/link/"))
            .importPackages("io.perigee");
  }

  @Test
  void everyModuleHasItsClassesHere() {
    for (Module module : Module.values()) {
      assertThat(real.stream().filter(module::owns)).as("classes of %s", module).isNotEmpty();
    }
    assertThat(real.stream().map(Module::of))
        .as("every class has a module")
        .hasSizeGreaterThan(300);
    assertThat(real.contain(UsesOtherShell.class)).as("planted ones are not among them").isFalse();
  }

  // Who uses whom.

  @ParameterizedTest
  @EnumSource(Module.class)
  void aModuleUsesOnlyWhatItMay(Module module) {
    Walls.uses(module).check(real);
  }

  @Test
  void shellsOfOtherProcessesAreUsedByTheLocalClusterAlone() {
    for (Module user : Module.values()) {
      assertThat(user.mayUse(Module.MASTER_SERVER) && user != Module.MASTER_SERVER)
          .isEqualTo(user == Module.CLI_DAEMON);
      assertThat(user.mayUse(Module.AGENT_DAEMON) && user != Module.AGENT_DAEMON)
          .isEqualTo(user == Module.CLI_DAEMON);
    }
    assertBreaks(Walls.uses(Module.MASTER_SERVER), UsesOtherShell.class, "AgentProcess");
  }

  @Test
  void whatIsForTestsIsUsedByTestsAlone() {
    for (Module user : Module.values()) {
      assertThat(user.mayUse(Module.SIMULATOR)).isEqualTo(user == Module.SIMULATOR);
      assertThat(user.mayUse(Module.TESTKIT))
          .isEqualTo(user == Module.TESTKIT || user == Module.SIMULATOR);
    }
    assertBreaks(Walls.uses(Module.MASTER_SERVER), UsesOtherShell.class, "SimulatorMain");
  }

  @Test
  void theLowestModuleDoesNotLookUp() {
    assertBreaks(Walls.uses(Module.COMMON), KnowsMesos.class, "TaskState");
  }

  // What decides does nothing else.

  @ParameterizedTest
  @EnumSource(names = {"MODEL", "MASTER_CORE", "AGENT_CORE"})
  void whatDecidesTouchesNothing(Module module) {
    Walls.decidesAlone(module).check(real);
  }

  static Stream<Class<?>> impure() {
    return Arrays.stream(Impure.class.getDeclaredClasses());
  }

  @ParameterizedTest
  @MethodSource("impure")
  void eachWayToTouchTheWorldIsSeen(Class<?> planted) {
    boolean usesModule = planted.getSimpleName().equals("UsesNet");
    assertBreaks(
        usesModule ? Walls.uses(Module.MASTER_CORE) : Walls.decidesAlone(Module.MASTER_CORE),
        planted,
        planted.getSimpleName());
  }

  // Libraries.

  record Library(String packages, Set<Module> users, String planted) {}

  static Stream<Library> libraries() {
    return Stream.of(
        new Library("io.netty..", EnumSet.of(Module.NET), "Netty"),
        new Library(
            "com.fasterxml.jackson.jr..", EnumSet.of(Module.CLIENT, Module.CLI), "JacksonJr"),
        new Library("picocli..", COMMAND_LINE, "Picocli"),
        new Library("org.apache.commons..", EnumSet.of(Module.AGENT_FETCHER), "Commons"),
        new Library("org.tukaani..", EnumSet.of(Module.AGENT_FETCHER), "Xz"),
        new Library("org.snakeyaml..", EnumSet.of(Module.COMMON), "Yaml"),
        new Library("java.lang.foreign..", EnumSet.of(Module.CLI_DAEMON), "Foreign"),
        new Library("java.util.logging..", EnumSet.noneOf(Module.class), "OtherLog"));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aLibraryIsSeenWhereItBelongsAlone(Library library) {
    ArchRule wall = Walls.libraryOf(library.packages(), library.users());
    wall.check(real);
    assertBreaks(wall, nested(UsesLibraries.class, library.planted()), library.planted());
  }

  /** What a daemon means by its file must not depend on what a library makes of YAML. */
  @Test
  void oneClassSeesTheYamlLibrary() {
    assertThat(real.stream().filter(Walls.dependsOn("org.snakeyaml..")).map(JavaClass::getName))
        .isNotEmpty()
        .allMatch(name -> name.matches("io\\.perigee\\.common\\.option\\.YamlMapping(\\$.*)?"));
  }

  @Test
  void onlyCommandLineProgramsWriteToTheTerminal() {
    Walls.writesToTerminal(COMMAND_LINE).check(real);
    assertBreaks(
        Walls.writesToTerminal(COMMAND_LINE), nested(UsesLibraries.class, "Prints"), "System.out");
  }

  // Cycles.

  @ParameterizedTest
  @EnumSource(Module.class)
  void packagesOfAModuleHaveNoCycles(Module module) {
    Walls.noCycles(module).allowEmptyShould(true).check(real);
  }

  /** A reason whose class is gone would excuse the next of that name. */
  @Test
  void everyExcusedClassExists() {
    assertThat(real.stream().map(JavaClass::getName)).containsAll(Walls.MAY_CLOSE_CYCLES.keySet());
  }

  @Test
  void aCycleIsSeen() {
    assertBreaks(
        Walls.noCycles(Module.COMMON), List.of(Circle.class, Half.class), "Cycle detected");
  }

  private static void assertBreaks(ArchRule wall, Class<?> planted, String detail) {
    assertBreaks(wall, List.of(planted), detail);
  }

  private static void assertBreaks(ArchRule wall, List<Class<?>> planted, String detail) {
    JavaClasses classes = new ClassFileImporter().importClasses(planted);
    assertThat(classes.stream().map(JavaClass::getName)).hasSize(planted.size());
    assertThat(wall.evaluate(classes).getFailureReport().getDetails())
        .as("%s over %s", wall.getDescription(), planted)
        .anyMatch(line -> line.contains(detail));
  }

  private static Class<?> nested(Class<?> outer, String name) {
    return Arrays.stream(outer.getDeclaredClasses())
        .filter(type -> type.getSimpleName().equals(name))
        .findAny()
        .orElseThrow();
  }
}
