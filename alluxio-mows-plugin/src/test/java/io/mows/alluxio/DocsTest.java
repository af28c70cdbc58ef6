// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.conf.MowsKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the documents promise: links that lead somewhere, all properties and all metrics. */
final class DocsTest {
  private static final int README_LINE_LIMIT = 250;

  private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?) *$");
  private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");
  private static final Pattern NAME_IN_CODE = Pattern.compile("`([^`]+)`");

  @Test
  void shouldHaveNoDeadLink() throws IOException {
    List<String> dead = new ArrayList<>();
    int count = 0;
    for (Path document : SourceTree.documents()) {
      for (String target : links(Files.readAllLines(document))) {
        count++;
        if (!leadsSomewhere(document, target)) {
          dead.add(SourceTree.shorten(document) + ": " + target);
        }
      }
    }
    assertEquals(List.of(), dead, "these links lead nowhere");
    assertTrue(count > 50, "only " + count + " links found: the pattern does not see them");
  }

  @Test
  void shouldNoticeADeadLink() throws IOException {
    Path readme = SourceTree.file("README.md");
    List<String> text =
        List.of(
            "[a](docs/settings.md#settings) [b](docs/setings.md) and `[c](no-link)`",
            "```",
            "[d](code)",
            "```",
            "![e](docs/images/none.png) [f](#use-it) [g](#use-that) [h](docs/settings.md#none)");
    List<String> dead = new ArrayList<>();
    for (String target : links(text)) {
      if (!leadsSomewhere(readme, target)) {
        dead.add(target);
      }
    }
    assertEquals(
        List.of("docs/setings.md", "docs/images/none.png", "#use-that", "docs/settings.md#none"),
        dead);
  }

  @Test
  void shouldKeepTheReadmeShort() throws IOException {
    int lines = Files.readAllLines(SourceTree.file("README.md")).size();
    assertTrue(
        lines <= README_LINE_LIMIT,
        () -> "README.md has " + lines + " lines, more than " + README_LINE_LIMIT + ": use docs/");
  }

  @Test
  void shouldLeadToEachDocumentFromTheReadme() throws IOException {
    Set<Path> unseen = new TreeSet<>(SourceTree.files("docs"));
    Path readme = SourceTree.file("README.md");
    for (String target : links(Files.readAllLines(readme))) {
      unseen.remove(readme.resolveSibling(target.replaceAll("#.*", "")).normalize());
    }
    assertEquals(Set.of(), unseen, "README.md has no link to these");
  }

  @Test
  void shouldExplainEachPropertyAndItsDefault() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    for (List<String> row : rows(SourceTree.file("docs/settings.md"))) {
      if (row.get(0).startsWith("`" + MowsKey.PREFIX)) {
        documented.put(code(row.get(0)), code(row.get(1)));
      }
    }
    Map<String, String> declared = new TreeMap<>();
    Arrays.stream(MowsKey.values()).forEach(key -> declared.put(key.key(), key.defaultValue()));
    assertEquals(lines(declared), lines(documented), "docs/settings.md, property = default");
  }

  @Test
  void shouldExplainEachMetric() throws IOException {
    Set<String> documented = new TreeSet<>();
    for (List<String> row : rows(SourceTree.file("docs/metrics.md"))) {
      Matcher name = NAME_IN_CODE.matcher(row.get(0));
      while (name.find()) {
        documented.add(name.group(1));
      }
    }
    Set<String> measured =
        ConfTemplatesTest.ourMetrics().stream()
            .map(name -> name.replaceFirst("^Worker_Mows", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        String.join("\n", measured), String.join("\n", documented), "metrics in docs/metrics.md");
  }

  private static String lines(Map<String, String> map) {
    return map.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
  }

  /** The cells of each row of the document's tables. */
  private static List<List<String>> rows(Path document) throws IOException {
    return Files.readAllLines(document).stream()
        .filter(line -> line.startsWith("|"))
        .map(line -> List.of(line.substring(1).split("\\|", -1)))
        .map(cells -> cells.stream().map(String::strip).collect(Collectors.toList()))
        .collect(Collectors.toList());
  }

  private static String code(String cell) {
    Matcher name = NAME_IN_CODE.matcher(cell);
    return name.find() ? name.group(1) : "";
  }

  private static List<String> links(List<String> lines) {
    List<String> targets = new ArrayList<>();
    for (String line : prose(lines)) {
      Matcher link = LINK.matcher(CODE_SPAN.matcher(line).replaceAll(""));
      while (link.find()) {
        if (!link.group(1).matches("[a-z]+:.*")) {
          targets.add(link.group(1));
        }
      }
    }
    return targets;
  }

  /** The lines that are not within fenced code. */
  private static List<String> prose(List<String> lines) {
    List<String> prose = new ArrayList<>();
    boolean code = false;
    for (String line : lines) {
      if (line.strip().startsWith("```")) {
        code = !code;
      } else if (!code) {
        prose.add(line);
      }
    }
    return prose;
  }

  private static boolean leadsSomewhere(Path document, String target) throws IOException {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? document : document.resolveSibling(path).normalize();
    if (hash < 0) {
      return Files.exists(file);
    }
    return Files.isRegularFile(file) && anchors(file).contains(target.substring(hash + 1));
  }

  /** The names that GitHub gives the headings of a document. */
  private static Set<String> anchors(Path document) throws IOException {
    Set<String> anchors = new TreeSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : prose(Files.readAllLines(document))) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String anchor =
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\- _]", "")
                .replace(' ', '-');
        int before = seen.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }
}
