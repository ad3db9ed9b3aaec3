// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.tables.Floors;
import io.drey.ledger.tables.Table;
import io.drey.ledger.tables.TableSource;
import io.drey.ledger.tables.TableTarget;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the copy makes of two ledgers in memory, and of what the operator writes. */
class CopyTest {
    private final Memory source = new Memory();
    private final Memory target = new Memory();
    private final Copy copy = new Copy(source, target, new Progress(System.out));

    CopyTest() {
        source.write(Table.SECRET, new Object[] {"a", new byte[] {1}});
        source.write(Table.SECRET, new Object[] {"b", null});
        source.write(Table.CHUNK, new Object[] {1L, new byte[0]});
    }

    @Test
    void rowsAndFloorsArriveAndStand() {
        copy.run();
        assertThat(target.events).containsExactly("raised to 9", "finished");
        assertThat(target.rows.get(Table.SECRET)).hasSize(2);
        assertThat(copy.rows()).isEqualTo(3);
    }

    @Test
    void targetThatLostARowIsNotFinished() {
        target.loses = true;
        assertThatThrownBy(copy::run)
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("the copy of secret is not the same: 2 rows were read and 1 arrived");
        assertThat(target.events).doesNotContain("finished");
    }

    @Test
    void targetThatChangedARowIsNotFinished() {
        target.changes = true;
        assertThatThrownBy(copy::run)
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("2 rows were read and 2 arrived, with other content");
        assertThat(target.events).doesNotContain("finished");
    }

    @Test
    void sourceThatWasUsedMeanwhileLeavesNothing() {
        source.used = true;
        assertThatThrownBy(copy::run).hasMessage("used");
        assertThat(target.events).doesNotContain("finished");
    }

    @Test
    void digestHeedsTheRowsAndNotTheirOrder() {
        var one = digest(new Object[] {"ab", "c"}, new Object[] {1L, null});
        assertThat(one.isSame(digest(new Object[] {1L, null}, new Object[] {"ab", "c"})))
                .isTrue();
        assertThat(one.isSame(digest(new Object[] {"a", "bc"}, new Object[] {1L, null})))
                .isFalse();
        assertThat(one.isSame(digest(new Object[] {"ab", "c"}, new Object[] {null, 1L})))
                .isFalse();
        assertThat(one.isSame(digest(new Object[] {"ab", new byte[] {'c'}}, new Object[] {1L, null})))
                .isFalse();
        assertThat(one.isSame(digest(new Object[] {"ab", "c"}))).isFalse();
    }

    @Test
    void wrongArgumentsAreExplained() {
        for (var arguments : List.of(
                List.<String>of(),
                List.of("--from=a"),
                List.of("--from=a", "--to="),
                List.of("--from=a", "--to=b", "--to=c"),
                List.of("--from=a", "to=b"))) {
            assertThat(said(arguments)).startsWith("drey: expected --from=SOURCE --to=TARGET");
        }
        assertThat(said(List.of("--from=a", "--to=mysql://u:secret@host/d")))
                .isEqualTo("drey: mysql://u@host/d is neither a postgresql:// URL nor a directory\n");
    }

    private static String said(List<String> arguments) {
        var bytes = new ByteArrayOutputStream();
        try (var stream = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            assertThat(CopyCommand.run(arguments, stream, stream)).isEqualTo(2);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static Digest digest(Object[]... rows) {
        var digest = new Digest();
        List.of(rows).forEach(digest::row);
        return digest;
    }

    private static final class Memory implements TableSource, TableTarget {
        private final Map<Table, List<Object[]>> rows = new TreeMap<>();
        private final List<String> events = new ArrayList<>();
        private boolean loses;
        private boolean changes;
        private boolean used;

        @Override
        public void each(Table table, Visitor visitor) {
            rows.getOrDefault(table, List.of()).forEach(visitor::row);
        }

        @Override
        public void write(Table table, Object[] row) {
            var present = rows.computeIfAbsent(table, added -> new ArrayList<>());
            if (!loses || present.isEmpty()) {
                present.add(changes ? new Object[] {row[0], new byte[] {9}} : row);
            }
        }

        @Override
        public Floors floors() {
            return new Floors(9, 0, 0, 0, 0, Map.of(), Map.of());
        }

        @Override
        public void raise(Floors floors) {
            events.add("raised to " + floors.position());
        }

        @Override
        public void confirm() {
            if (used) {
                throw new Unusable("used", null);
            }
        }

        @Override
        public void finish() {
            events.add("finished");
        }

        @Override
        public void close() {}
    }
}
