// SPDX-License-Identifier: Apache-2.0
package io.mows.it.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each command of the README is run by a test, or it is said why it cannot be. */
final class ReadmeCommandsTest {
  private static boolean isKnown(String command) {
    return begins(ReadmeCommands.ON_A_CLUSTER, command)
        || begins(ReadmeCommands.AFTER_THE_BUILD, command)
        || ReadmeCommands.ELSEWHERE.containsKey(command)
        || ReadmeCommands.NOT_RUN.containsKey(command);
  }

  private static boolean begins(List<String> beginnings, String command) {
    return beginnings.stream().anyMatch(command::startsWith);
  }

  @Test
  void shouldRunEachCommandOrSayWhyNot() throws IOException {
    List<String> commands = ReadmeCommands.of(ReadmeCommands.readme());
    assertTrue(commands.size() > 10, () -> "only these are seen: " + commands);
    List<String> unknown = new ArrayList<>(commands);
    unknown.removeIf(ReadmeCommandsTest::isKnown);
    assertEquals(List.of(), unknown, "no test runs these commands of README.md: ReadmeCommands");
  }

  @Test
  void shouldExcuseOnlyWhatTheReadmeSays() throws IOException {
    Set<String> stale = new TreeSet<>(ReadmeCommands.NOT_RUN.keySet());
    stale.addAll(ReadmeCommands.ELSEWHERE.keySet());
    ReadmeCommands.of(ReadmeCommands.readme()).forEach(stale::remove);
    assertEquals(Set.of(), stale, "README.md does not have these commands any more");
  }

  @Test
  void shouldBeRunWhereItIsSaid() throws IOException {
    List<ReadmeCommands.Elsewhere> places = new ArrayList<>(ReadmeCommands.ELSEWHERE.values());
    places.add(ReadmeCommands.THE_SCRIPT);
    for (ReadmeCommands.Elsewhere place : places) {
      String text = Files.readString(ReadmeCommands.project().resolve(place.file));
      assertTrue(text.contains(place.words), () -> place.file + " has no " + place.words);
    }
  }

  @Test
  void shouldKnowWhichBlocksAreCommands() throws IOException {
    assertEquals(
        Set.of("sh", "properties"),
        new TreeSet<>(ReadmeCommands.languages(ReadmeCommands.readme())),
        "say of each block of README.md what it is");
  }

  @Test
  void shouldTakeCommandsOutOfTheirBlocks() {
    assertEquals(
        List.of("a --b 'c#d'", "e", "f"),
        ReadmeCommands.of(
            List.of(
                "text",
                "```sh",
                "a --b 'c#d'  # comment",
                "",
                "# comment",
                "e",
                "```",
                "```properties",
                "g=h",
                "```",
                "1. list",
                "   ```sh",
                "   f",
                "   ```")));
  }
}
