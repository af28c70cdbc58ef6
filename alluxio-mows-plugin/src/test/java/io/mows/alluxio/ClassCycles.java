// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds classes that need each other, directly or through others: the strongly connected components
 * of two or more, by Tarjan's algorithm.
 */
final class ClassCycles {
  private final Map<String, Set<String>> uses;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> lowest = new HashMap<>();
  private final Deque<String> path = new ArrayDeque<>();
  private final Set<String> onPath = new TreeSet<>();
  private final List<NavigableSet<String>> found = new ArrayList<>();

  private ClassCycles(Map<String, Set<String>> uses) {
    this.uses = uses;
  }

  /**
   * @param uses for each class those that it names
   * @return the members of each cycle; the cycles are in the order of their first members
   */
  static List<NavigableSet<String>> of(Map<String, Set<String>> uses) {
    ClassCycles cycles = new ClassCycles(uses);
    new TreeSet<>(uses.keySet())
        .forEach(
            name -> {
              if (!cycles.numbers.containsKey(name)) {
                cycles.visit(name);
              }
            });
    return inOrder(cycles.found);
  }

  static List<NavigableSet<String>> inOrder(List<NavigableSet<String>> cycles) {
    return cycles.stream()
        .sorted((a, b) -> a.first().compareTo(b.first()))
        .collect(Collectors.toList());
  }

  private void visit(String name) {
    numbers.put(name, numbers.size());
    lowest.put(name, numbers.get(name));
    path.push(name);
    onPath.add(name);
    for (String used : uses.getOrDefault(name, Set.of())) {
      if (!numbers.containsKey(used)) {
        visit(used);
        lowest.merge(name, lowest.get(used), Math::min);
      } else if (onPath.contains(used)) {
        lowest.merge(name, numbers.get(used), Math::min);
      }
    }
    if (lowest.get(name).equals(numbers.get(name))) {
      takeCycle(name);
    }
  }

  /** Takes from the path what was visited since {@code first}: all of it needs each other. */
  private void takeCycle(String first) {
    NavigableSet<String> members = new TreeSet<>();
    String member;
    do {
      member = path.pop();
      onPath.remove(member);
      members.add(member);
    } while (!member.equals(first));
    if (members.size() > 1) {
      found.add(members);
    }
  }
}
