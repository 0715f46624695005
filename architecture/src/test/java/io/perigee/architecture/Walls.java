package io.perigee.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.URLEncoder;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The rules. */
final class Walls {
  /** All that a module which decides may use besides ours; each further package is a decision. */
  private static final String[] HARMLESS = {
    "java.lang..",
    "java.util",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "java.math",
    "java.nio.charset",
    "java.time",
    "com.google.protobuf",
    "org.jspecify..",
    "io.perigee..",
    "" // Primitives and arrays of them.
  };

  private static final Set<String> IMPURE_TYPES =
      Set.of(
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.time.Clock",
          "java.util.Random",
          "java.util.Scanner",
          "java.util.ServiceLoader",
          "java.util.SplittableRandom",
          "java.util.Timer");

  private static final Set<String> IMPURE_METHODS =
      Set.of(
          "java.lang.Math.random",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.util.UUID.randomUUID",
          "java.util.Collection.parallelStream",
          "java.util.Collections.shuffle");

  /** Classes whose dependencies may close a cycle of packages, each with its reason. */
  static final Map<String, String> MAY_CLOSE_CYCLES =
      Map.of(
          "io.perigee.net.http.Request",
          "carries who asks; authenticators in turn see heads of requests",
          "io.perigee.master.core.validation.FrameworkValidator",
          "reads the configuration, which every core keeps in its own package",
          "io.perigee.agent.containers.RuntimeChoice",
          "chooses among the runtimes, which use the port beside it",
          "io.perigee.agent.containers.RuntimeOptions",
          "of the choice: names the cgroups' policy");

  private Walls() {}

  static ArchRule uses(Module module) {
    return noClasses()
        .that(is("are of " + module, module::owns))
        .should()
        .dependOnClassesThat(
            is(
                "it may not use",
                used ->
                    (used.getPackageName() + ".").startsWith("io.perigee.")
                        && !module.mayUse(Module.of(used))));
  }

  static ArchRule decidesAlone(Module module) {
    return noClasses()
        .that(is("are of " + module, type -> module.owns(type)))
        .should()
        .dependOnClassesThat(
            is("touch the world", used -> !isHarmless(used) || isImpure(used.getName())))
        .orShould()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("it tells time, chance or environment") {
              @Override
              public boolean test(JavaAccess<?> access) {
                String owner = access.getTargetOwner().getName();
                return IMPURE_METHODS.contains(owner + "." + access.getTarget().getName())
                    || access.getTarget().getName().equals("parallelStream")
                    || (owner.equals("java.lang.System")
                        && !access.getTarget().getName().equals("arraycopy"));
              }
            })
        .because(
            "events carry their instant, chance comes from SeededRandom, commands do the rest");
  }

  private static boolean isHarmless(JavaClass type) {
    return resideInAnyPackage(HARMLESS).test(type.getBaseComponentType())
        || type.isEquivalentTo(URLEncoder.class);
  }

  private static boolean isImpure(String name) {
    return IMPURE_TYPES.stream().anyMatch(bad -> name.equals(bad) || name.startsWith(bad + "$"));
  }

  /** A library that only some modules may see. */
  static ArchRule libraryOf(String packages, Set<Module> modules) {
    return noClasses()
        .that(is("are not of " + modules, type -> !modules.contains(Module.of(type))))
        .should()
        .dependOnClassesThat(resideInAPackage(packages));
  }

  /** Whether a class uses anything of these packages. */
  static Predicate<JavaClass> dependsOn(String packages) {
    return type ->
        type.getDirectDependenciesFromSelf().stream()
            .anyMatch(d -> resideInAPackage(packages).test(d.getTargetClass()));
  }

  static ArchRule writesToTerminal(Set<Module> modules) {
    return noClasses()
        .that(is("are not of " + modules, type -> !modules.contains(Module.of(type))))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .because("daemons log through SLF4J");
  }

  static ArchRule noCycles(Module module) {
    return slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return module.owns(type)
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
              }

              @Override
              public String getDescription() {
                return "packages of " + module;
              }
            })
        .should()
        .beFreeOfCycles()
        .ignoreDependency(
            is("with a reason", type -> MAY_CLOSE_CYCLES.containsKey(type.getName())),
            DescribedPredicate.alwaysTrue());
  }

  private static DescribedPredicate<JavaClass> is(
      String description, Predicate<JavaClass> predicate) {
    return DescribedPredicate.describe(description, predicate);
  }
}
