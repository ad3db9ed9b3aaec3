// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the source files to what no compiler and no formatter looks at. */
class TidyTest {
    /** What a person starts and reads. */
    private static final List<String> COMMANDS =
            List.of("io/drey/Main.java", "io/drey/copy/CopyCommand.java", "io/drey/local/Main.java");

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");
    private static final int LINES_MAX = 500;
    private static final List<String> HEAD =
            List.of("// SPDX-License-Identifier: Apache-2.0", "// Copyright the Drey authors");
    /** In two pieces each, so that this file does not find itself. */
    private static final Pattern UNWANTED = Pattern.compile("\\bTO" + "DO\\b|\\bFIX" + "ME\\b|@auth" + "or\\b");

    private static final Pattern PRINTING = Pattern.compile("\\bSystem\\.(out|err)\\b|\\.printStackTrace\\(\\)");

    @Test
    void filesBeginWithTheLicence() throws IOException {
        for (var root : List.of(MAIN, TESTS)) {
            assertThat(javaFiles(root))
                    .allSatisfy(file -> assertThat(lines(file)).startsWith(HEAD.toArray(String[]::new)));
        }
    }

    /** A class that has grown past some screens hides a noun that wants a file of its own. */
    @Test
    void filesAreNotTooLong() throws IOException {
        assertThat(javaFiles(MAIN)).allSatisfy(file -> assertThat(lines(file)).hasSizeLessThanOrEqualTo(LINES_MAX));
    }

    /** What is left to do stands where work is planned, and who wrote a line stands in the history. */
    @Test
    void filesHoldNoPlansAndNoNames() throws IOException {
        for (var root : List.of(MAIN, TESTS)) {
            assertThat(javaFiles(root)).allSatisfy(file -> assertNoLine(file, UNWANTED));
        }
    }

    /** A server speaks through its log; only the start, before there is one, may print. */
    @Test
    void onlyCommandsPrint() throws IOException {
        assertThat(javaFiles(MAIN))
                .filteredOn(file -> COMMANDS.stream().noneMatch(file::endsWith))
                .allSatisfy(file -> assertNoLine(file, PRINTING));
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        var packages = new TreeSet<Path>();
        javaFiles(MAIN).forEach(file -> packages.add(file.getParent()));
        assertThat(packages).allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                .content()
                .contains("/**"));
    }

    private static void assertNoLine(Path file, Pattern pattern) {
        assertThat(lines(file)).noneMatch(line -> pattern.matcher(line).find());
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
