// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Compares the cycles among the shipped classes with the committed list of those there are. A class
 * in a cycle cannot be understood, tested or moved without all others of it.
 */
final class ClassCyclesTest {
  private static final String LIST = "class-cycles.txt";

  @Test
  void shouldHaveTheCyclesOfTheListAndNoOthers() throws IOException {
    List<NavigableSet<String>> listed = listed();
    List<NavigableSet<String>> there = ClassCycles.of(uses());
    assertEquals(
        text(listed),
        text(there),
        () ->
            "The cycles among the shipped classes are not those of src/test/resources/"
                + LIST
                + ".\n"
                + differences(listed, there));
  }

  @Test
  void shouldFindClassesThatNeedEachOther() {
    Map<String, Set<String>> uses =
        Map.of(
            "a", Set.of("b", "e"),
            "b", Set.of("c"),
            "c", Set.of("a", "d"),
            "d", Set.of("f"),
            "f", Set.of("d"),
            "e", Set.of("d", "outside"));
    assertEquals(
        List.of(Set.of("a", "b", "c"), Set.of("d", "f")), List.copyOf(ClassCycles.of(uses)));
  }

  @Test
  void shouldSayWhichCycleIsNewWhichIsGoneAndWhichHasChanged() {
    List<NavigableSet<String>> listed = List.of(cycle("a", "b"), cycle("c", "d", "e"));
    List<NavigableSet<String>> there = List.of(cycle("d", "e", "f"), cycle("x", "y"));
    assertEquals(
        "Gone, take it out of the list: a, b\n"
            + "Changed, [c, d, e]: no longer in it [c], new in it [f]. If it grew, cut what was"
            + " added; if it shrank, or is now more cycles than one, correct the list: d, e, f\n"
            + "New, cut it (let one of the classes know less: return a value, or take an"
            + " interface): x, y\n",
        differences(listed, there));
  }

  private static NavigableSet<String> cycle(String... names) {
    return new TreeSet<>(List.of(names));
  }

  private static String differences(
      List<NavigableSet<String>> listed, List<NavigableSet<String>> there) {
    StringBuilder text = new StringBuilder();
    for (NavigableSet<String> cycle : listed) {
      if (there.stream().noneMatch(other -> meet(cycle, other))) {
        text.append("Gone, take it out of the list: ").append(line(cycle));
      }
    }
    for (NavigableSet<String> cycle : there) {
      NavigableSet<String> before = new TreeSet<>();
      listed.stream().filter(other -> meet(cycle, other)).forEach(before::addAll);
      if (before.isEmpty()) {
        text.append(
                "New, cut it (let one of the classes know less: return a value, or take an"
                    + " interface): ")
            .append(line(cycle));
      } else if (!before.equals(cycle)) {
        text.append("Changed, ")
            .append(before)
            .append(": no longer in it ")
            .append(without(before, cycle))
            .append(", new in it ")
            .append(without(cycle, before))
            .append(
                ". If it grew, cut what was added; if it shrank, or is now more cycles than one,"
                    + " correct the list: ")
            .append(line(cycle));
      }
    }
    return text.toString();
  }

  private static boolean meet(Set<String> one, Set<String> other) {
    return one.stream().anyMatch(other::contains);
  }

  private static NavigableSet<String> without(
      NavigableSet<String> all, NavigableSet<String> taken) {
    NavigableSet<String> rest = new TreeSet<>(all);
    rest.removeAll(taken);
    return rest;
  }

  private static String line(NavigableSet<String> cycle) {
    return String.join(", ", cycle) + "\n";
  }

  /** As the list is written: a class a line, an empty line between two cycles. */
  private static String text(List<NavigableSet<String>> cycles) {
    List<String> blocks = new ArrayList<>();
    ClassCycles.inOrder(cycles).forEach(cycle -> blocks.add(String.join("\n", cycle)));
    return String.join("\n\n", blocks);
  }

  private static List<NavigableSet<String>> listed() throws IOException {
    List<NavigableSet<String>> cycles = new ArrayList<>();
    NavigableSet<String> cycle = new TreeSet<>();
    for (String line : lines()) {
      if (line.isBlank()) {
        if (!cycle.isEmpty()) {
          cycles.add(cycle);
        }
        cycle = new TreeSet<>();
      } else if (!line.startsWith("#")) {
        cycle.add(line.strip());
      }
    }
    if (!cycle.isEmpty()) {
      cycles.add(cycle);
    }
    return cycles;
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = ClassCyclesTest.class.getResourceAsStream("/" + LIST)) {
      return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1));
    }
  }

  /**
   * A nested class counts as the class that it is written in. Signatures are ArchUnit's to know;
   * constants of which only the value was taken are in the constant pool alone.
   */
  private static Map<String, Set<String>> uses() throws IOException {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass user : ShippedClasses.ALL) {
      String name = ShippedClasses.outermostName(user);
      Set<String> used = uses.computeIfAbsent(name, unused -> new TreeSet<>());
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        used.add(ShippedClasses.outermostName(dependency.getTargetClass().getBaseComponentType()));
      }
      try (InputStream bytes = user.getSource().orElseThrow().getUri().toURL().openStream()) {
        used.addAll(ConstantPool.outermostNames(bytes));
      }
      used.removeIf(other -> !other.startsWith("io.mows.") || other.equals(name));
    }
    return uses;
  }
}
