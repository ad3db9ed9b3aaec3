// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException.Unusable;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The numbered schema files and how far a database has got with them. */
final class Schema {
    /** "drey" in ASCII: whoever holds this advisory lock migrates. */
    private static final long LOCK = 0x64726579;

    // From the tables themselves: to_regclass may remember that there was nothing before we waited for the lock.
    private static final String STATE = "select current_setting('server_version_num')::int as server,"
            + " exists (select 1 from pg_namespace n where n.nspname = 'drey') as present,"
            + " exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            + " where n.nspname = 'drey' and c.relname = 'meta') as ours";
    private static final String VERSION = "select value from drey.meta where name = 'schema'";
    private static final String SET_VERSION = "insert into drey.meta (name, value) values ('schema', $1)"
            + " on conflict (name) do update set value = excluded.value";
    private static final int SERVER_MIN = 140_000;

    private Schema() {}

    /** Applies what the database lacks, each file in one transaction; several nodes may do so at once. */
    static Future<Void> migrate(SqlConnection connection, String place) {
        return migrate(connection, place, files());
    }

    static Future<Void> migrate(SqlConnection connection, String place, List<String> files) {
        return version(connection, place).compose(version -> {
            if (version > files.size()) {
                throw new Unusable(
                        place + " was written by a newer Drey (schema " + version + ", this one knows " + files.size()
                                + "); start that one, or restore a backup from before",
                        null);
            }
            return version == files.size()
                    ? Future.succeededFuture()
                    : step(connection, place, files).compose(done -> migrate(connection, place, files));
        });
    }

    /** One file, unless another node was faster. */
    private static Future<Void> step(SqlConnection connection, String place, List<String> files) {
        return connection.begin().compose(transaction -> connection
                .query("select pg_advisory_xact_lock(" + LOCK + ")")
                .execute()
                .compose(locked -> version(connection, place))
                .compose(version -> version >= files.size()
                        ? Future.<Void>succeededFuture()
                        : apply(connection, files.get(version), version + 1))
                .compose(
                        applied -> transaction.commit(),
                        failure -> transaction.rollback().transform(rolledBack -> Future.failedFuture(failure))));
    }

    private static Future<Void> apply(SqlConnection connection, String file, int version) {
        Future<?> made = version == 1 ? connection.query("create schema drey").execute() : Future.succeededFuture();
        return made.compose(ready -> connection.query(file).execute())
                .compose(ready -> connection.preparedQuery(SET_VERSION).execute(Tuple.of((long) version)))
                .mapEmpty();
    }

    /** 0 for a database without our schema. */
    private static Future<Integer> version(SqlConnection connection, String place) {
        return connection.query(STATE).execute().compose(rows -> {
            Row state = rows.iterator().next();
            if (state.getInteger("server") < SERVER_MIN) {
                throw new Unusable(
                        place + " is on PostgreSQL " + state.getInteger("server") / 10_000
                                + ", and version 14 or later is needed",
                        null);
            }
            if (!state.getBoolean("present")) {
                return Future.succeededFuture(0);
            }
            if (!state.getBoolean("ours")) {
                throw new Unusable(
                        place + " has a schema named drey that is not ours; rename it, or use another database", null);
            }
            return connection.query(VERSION).execute().map(found -> {
                if (!found.iterator().hasNext()) {
                    throw new Unusable(
                            place + " has a schema named drey that is not ours; rename it, or use another database",
                            null);
                }
                return found.iterator().next().getLong(0).intValue();
            });
        });
    }

    private static List<String> files() {
        var files = new ArrayList<String>();
        while (true) {
            String text = file(String.format("%03d.sql", files.size() + 1));
            if (text == null) {
                return files;
            }
            files.add(text);
        }
    }

    private static String file(String name) {
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
