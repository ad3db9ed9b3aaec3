// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import io.drey.ledger.LedgerException;
import io.drey.ledger.tables.Table;
import java.io.PrintStream;
import java.util.List;

/** {@code --from=SOURCE --to=TARGET}: copies a ledger; each is a {@code postgresql://} URL or a data directory. */
public final class CopyCommand {
    private static final int EXIT_ARGUMENTS = 2;
    private static final int EXIT_FAILED = 1;
    private static final String FROM = "--from=";
    private static final String TO = "--to=";
    private static final String USAGE = "expected " + FROM + "SOURCE " + TO
            + "TARGET, each a postgresql:// URL or a data directory; no node may run on either";

    private CopyCommand() {}

    public static void main(String... arguments) {
        int status = run(List.of(arguments), System.out, System.err);
        System.out.flush();
        System.exit(status);
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        Place from;
        Place to;
        try {
            from = place(arguments, FROM);
            to = place(arguments, TO);
        } catch (IllegalArgumentException e) {
            err.println("drey: " + e.getMessage());
            return EXIT_ARGUMENTS;
        }
        try {
            copy(from, to, out);
            return 0;
        } catch (LedgerException.Unknown e) {
            err.println("drey: " + e.getMessage());
            return EXIT_FAILED;
        } catch (LedgerException e) {
            err.println("drey: nothing was copied: " + e.getMessage());
            return EXIT_FAILED;
        }
    }

    private static void copy(Place from, Place to, PrintStream out) {
        long begun = System.nanoTime();
        try (var source = from.source();
                var target = to.target()) {
            var copy = new Copy(source, target, new Progress(out));
            copy.run();
            double seconds = (System.nanoTime() - begun) / 1e9;
            for (Table table : Table.values()) {
                out.printf("%-10s %,14d rows%n", table.label(), copy.rows(table));
            }
            out.printf(
                    "Copied %s to %s: %,d rows, %,d MB in %.1f s (%,.0f rows/s), read back and compared.%n",
                    from, to, copy.rows(), copy.bytes() >> 20, seconds, copy.rows() / seconds);
        }
    }

    private static Place place(List<String> arguments, String flag) {
        var found =
                arguments.stream().filter(argument -> argument.startsWith(flag)).toList();
        if (found.size() != 1 || arguments.size() != 2) {
            throw new IllegalArgumentException(USAGE);
        }
        String text = found.get(0).substring(flag.length());
        if (text.isEmpty()) {
            throw new IllegalArgumentException(USAGE);
        }
        return new Place(text);
    }
}
