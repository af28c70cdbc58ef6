// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** House rules that neither the compiler nor the bytecode can tell. */
final class SourceRulesTest {
  private static final int FILE_LINE_LIMIT = 400;
  private static final int METHOD_LINE_LIMIT = 70;

  /** Of ten files nine are no longer. */
  private static final int USUAL_LINE_LIMIT = 200;

  /** In p2p-worker, where the hard things are, a file has no more. */
  private static final int P2P_LINE_LIMIT = 300;

  /** Classes of p2p-worker that have more still: who cuts one takes it out. */
  private static final Set<String> LONG_IN_P2P = Set.of();

  private static final int PACKAGE_CLASS_LIMIT = 26;

  /** Packages with more classes still: who splits one takes it out. */
  private static final Set<String> LARGE_PACKAGES = Set.of();

  private static final Pattern TEST_METHOD =
      Pattern.compile(
          "^\\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b", Pattern.MULTILINE);
  private static final Pattern ABSTRACT_CLASS =
      Pattern.compile("^(public )?abstract class ", Pattern.MULTILINE);

  @Test
  void shouldKeepFilesShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : mainFiles()) {
      int lines = Files.readAllLines(file).size();
      if (lines >= FILE_LINE_LIMIT) {
        tooLong.add(SourceTree.shorten(file) + ": " + lines + " lines");
      }
    }
    assertEquals(List.of(), tooLong, "files of " + FILE_LINE_LIMIT + " lines or more");
  }

  @Test
  void shouldKeepFilesOfTheP2pWorkerShorter() throws IOException {
    Map<String, Integer> tooLong = new TreeMap<>();
    for (Path file : SourceTree.javaFiles(List.of("p2p-worker"), "main")) {
      tooLong.put(nameOf(file), Files.readAllLines(file).size());
    }
    tooLong.values().removeIf(lines -> lines <= P2P_LINE_LIMIT);
    assertEquals(
        new TreeSet<>(LONG_IN_P2P),
        tooLong.keySet(),
        () ->
            "A class of p2p-worker has "
                + P2P_LINE_LIMIT
                + " lines at most: make two of one, each of which does one thing, and take out of"
                + " LONG_IN_P2P what is no longer. Longer ones: "
                + tooLong);
  }

  @Test
  void shouldKeepMostFilesShort() throws IOException {
    List<Path> files = mainFiles();
    List<String> longer = new ArrayList<>();
    for (Path file : files) {
      int lines = Files.readAllLines(file).size();
      if (lines > USUAL_LINE_LIMIT) {
        longer.add(nameOf(file) + " " + lines);
      }
    }
    assertTrue(
        longer.size() <= files.size() / 10,
        () ->
            longer.size()
                + " of "
                + files.size()
                + " files have more than "
                + USUAL_LINE_LIMIT
                + " lines, more than a tenth: make two classes of one in which a second thing to do"
                + " hides: "
                + longer);
  }

  @Test
  void shouldKeepMethodsShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(mainFiles()));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree file : task.parse()) {
        new LongMethods(file, positions, tooLong).scan(file, null);
      }
    }
    assertEquals(List.of(), tooLong, "methods of " + METHOD_LINE_LIMIT + " lines or more");
  }

  /** Who reads of a class, or greps for it, should find one. */
  @Test
  void shouldGiveEveryClassANameOfItsOwn() throws IOException {
    Map<String, List<Path>> byName = new TreeMap<>();
    for (Path file : mainFiles()) {
      String name = nameOf(file);
      if (!name.equals("package-info")) {
        byName.computeIfAbsent(name, unused -> new ArrayList<>()).add(SourceTree.shorten(file));
      }
    }
    byName.values().removeIf(files -> files.size() < 2);
    assertEquals(
        Map.of(), byName, "One word is for one thing: give one of two classes another name");
  }

  @Test
  void shouldKeepPackagesSmall() throws IOException {
    Map<String, Integer> classes = new TreeMap<>();
    for (String name : SourceTree.shippedClassNames()) {
      classes.merge(name.substring(0, name.lastIndexOf('.')), 1, Integer::sum);
    }
    classes.values().removeIf(count -> count <= PACKAGE_CLASS_LIMIT);
    assertEquals(
        new TreeSet<>(LARGE_PACKAGES),
        classes.keySet(),
        () ->
            "A package has "
                + PACKAGE_CLASS_LIMIT
                + " classes at most: make two of one, and take out of LARGE_PACKAGES what is no"
                + " longer. Larger ones: "
                + classes);
  }

  /** Surefire and Failsafe pick classes by name, and pass over any other without a word. */
  @Test
  void shouldNameEveryTestSoThatItRuns() throws IOException {
    List<String> neverRun = new ArrayList<>();
    List<Path> testFiles = SourceTree.javaFiles(SourceTree.MODULES, "test");
    assertFalse(testFiles.isEmpty(), "no test sources found");
    for (Path file : testFiles) {
      String source = Files.readString(file);
      if (TEST_METHOD.matcher(source).find()
          && !ABSTRACT_CLASS.matcher(source).find()
          && !file.toString().endsWith("Test.java")
          && !file.toString().endsWith("IT.java")
          && !runsInTheGuest(file)) {
        neverRun.add(SourceTree.shorten(file).toString());
      }
    }
    assertEquals(List.of(), neverRun, "tests named neither *Test nor *IT");
  }

  /** RdmaGuestIT has a virtual machine with RDMA, and names the classes that it runs there. */
  private static boolean runsInTheGuest(Path file) throws IOException {
    String name = nameOf(file);
    for (Path guest : SourceTree.javaFiles(List.of("integration-tests"), "test")) {
      if (guest.endsWith("RdmaGuestIT.java")) {
        return name.endsWith("InGuest") && Files.readString(guest).contains("." + name + "\"");
      }
    }
    return false;
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static List<Path> mainFiles() throws IOException {
    return SourceTree.javaFiles(SourceTree.MODULES, "main");
  }

  /** Collects the methods of one file that are too long, counted without their Javadoc. */
  private static final class LongMethods extends TreeScanner<Void, Void> {
    private final CompilationUnitTree file;
    private final SourcePositions positions;
    private final List<String> found;

    LongMethods(CompilationUnitTree file, SourcePositions positions, List<String> found) {
      this.file = file;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      long first = file.getLineMap().getLineNumber(positions.getStartPosition(file, method));
      long last = file.getLineMap().getLineNumber(positions.getEndPosition(file, method));
      long lines = last - first + 1;
      if (lines >= METHOD_LINE_LIMIT) {
        Path path = SourceTree.shorten(Path.of(file.getSourceFile().toUri()));
        found.add(path + ":" + first + " " + method.getName() + ": " + lines + " lines");
      }
      return super.visitMethod(method, null);
    }
  }
}
