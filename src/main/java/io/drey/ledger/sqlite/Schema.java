// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The numbered schema files and how far a database has got with them. */
final class Schema {
    /** "DREY" in ASCII; written into the header of our files. */
    static final int APPLICATION_ID = 0x44524559;

    static final String SET_APPLICATION_ID = "pragma application_id = " + APPLICATION_ID;

    private static final String VERSION = "pragma user_version";

    private Schema() {}

    static long version(Session session) throws SQLException {
        return session.number(VERSION, 0);
    }

    /** The newest version that this Drey knows. */
    static int newest() {
        return files().size();
    }

    /** Applies what the database lacks, each file in one transaction. */
    static void migrate(Session session) throws SQLException {
        var files = files();
        for (int version = (int) version(session); version < files.size(); version++) {
            session.run("begin immediate");
            try {
                for (String statement : files.get(version)) {
                    session.run(statement);
                }
                session.run(VERSION + " = " + (version + 1));
                session.run("commit");
            } catch (SQLException e) {
                session.run("rollback");
                throw e;
            }
        }
    }

    /** Whether the database has the tables and indexes that the files make, no other and no fewer. */
    static boolean isWhole(Session session) throws SQLException {
        try (var model = new Session(DriverManager.getConnection("jdbc:sqlite::memory:"))) {
            migrate(model);
            return objects(model).equals(objects(session));
        }
    }

    private static List<String> objects(Session session) throws SQLException {
        return session.all(
                "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_schema"
                        + " where name not like 'sqlite_stat%' order by 1",
                row -> row.getString(1));
    }

    private static List<List<String>> files() {
        var files = new ArrayList<List<String>>();
        while (true) {
            String text = file(String.format("%03d.sql", files.size() + 1));
            if (text == null) {
                return files;
            }
            files.add(statements(text));
        }
    }

    private static String file(String name) {
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Statements end with a semicolon at the end of a line. */
    private static List<String> statements(String text) {
        String bare = text.replaceAll("(?m)^--.*$", "");
        return Arrays.stream(bare.split(";\\s*\n"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
