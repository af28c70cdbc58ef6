// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.mows.alluxio.ShippedClasses.COMMANDS;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Dependency directions and habits of all shipped classes. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES = ShippedClasses.ALL;

  /** What decides, and what is known: run by one thread. */
  private static final String[] PURE = {
    "io.mows.p2p.plan..",
    "io.mows.p2p.swarm..",
    "io.mows.p2p.fetch.table..",
    "io.mows.p2p.fetch.state..",
    "io.mows.p2p.fetch.proof..",
    "io.mows.p2p.fetch.file..",
    "io.mows.p2p.fetch.core..",
  };

  /** A rule that is shown no class holds: this test makes sure that the others are shown all. */
  @Test
  void shouldSeeEveryClassOfTheThreeModules() throws IOException {
    Set<String> unseen = new TreeSet<>(SourceTree.shippedClassNames());
    unseen.removeAll(CLASSES.stream().map(JavaClass::getName).collect(toCollection(TreeSet::new)));
    assertEquals(Set.of(), unseen, "classes that no rule of this test sees");
  }

  @Test
  void shouldKeepEveryClassInAKnownPackage() {
    check(
        classes()
            .should()
            .resideInAnyPackage("io.mows.channel..", "io.mows.p2p..", "io.mows.alluxio..", COMMANDS)
            .because("the rules below name their packages"));
  }

  @Test
  void shouldDependOneWay() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.mows.channel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.mows.p2p..", "io.mows.alluxio..")
            .because("the data channel knows neither the swarm nor the plugin"));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.mows.p2p..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.mows.alluxio..")
            .because("the piece engine does not know the plugin"));
  }

  /** What decides runs in a simulator as it is, so it knows nothing but values (docs/adr/0038). */
  @Test
  void shouldKeepDecisionsPure() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio..",
                        "java.time..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        "alluxio..")
                    .and(not(belongToAnyOf(IOException.class, TimeUnit.class))))
            .because("decisions have no threads, locks, clock, I/O or log"));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(assignableTo(Thread.class))
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("they get the time with each event"));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.mows.p2p.fetch.io..",
                "io.mows.p2p.fetch.read..",
                "io.mows.p2p.fetch.engine..",
                "io.mows.p2p.locator..",
                "io.mows.p2p.peer..",
                "io.mows.p2p.thread..",
                "io.mows.channel.*..")
            .because("who carries out an effect knows the decisions, and not the other way round"));
  }

  @Test
  void shouldBeFreeOfPackageCycles() {
    check(slices().matching("io.mows.(**)").should().beFreeOfCycles());
  }

  @Test
  void shouldKnowAlluxioOnlyInThePlugin() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.mows.alluxio..", COMMANDS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("alluxio..")
            .because("only the plugin follows when Alluxio changes"));
  }

  @Test
  void shouldKnowRatisOnlyInTheRaftLocator() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.mows.p2p.locator.raft..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.ratis..")
            .because("the locator's decisions do not depend on how they are replicated"));
  }

  @Test
  void shouldKnowDisniInOneClassOnly() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.mows.channel.rdma")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.ibm.disni..")
            .because("RDMA hardware is behind one seam"));
    Set<String> users =
        CLASSES.stream()
            .filter(ArchitectureTest::usesDisni)
            .map(ShippedClasses::outermostName)
            .collect(toCollection(TreeSet::new));
    assertEquals(
        Set.of("io.mows.channel.rdma.Disni"), users, "com.ibm.disni is for one class to know");
  }

  @Test
  void shouldAddNothingButCommandsToAlluxiosPackages() {
    check(
        classes()
            .that()
            .resideInAPackage("alluxio..")
            .should()
            .beAssignableTo("alluxio.cli.Command")
            .because("Alluxio's shell finds commands in this package; all else is ours"));
  }

  @Test
  void shouldLogThroughSlf4j() {
    check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("..cli..")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
            .because("a worker's output goes to its log"));
  }

  @Test
  void shouldKeepFieldsToTheirClass() {
    check(
        fields()
            .that()
            .arePublic()
            .should()
            .beStatic()
            .andShould()
            .beFinal()
            .because("state has one owner"));
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }

  private static boolean usesDisni(JavaClass user) {
    return user.getDirectDependenciesFromSelf().stream()
        .anyMatch(use -> use.getTargetClass().getPackageName().startsWith("com.ibm.disni"));
  }
}
