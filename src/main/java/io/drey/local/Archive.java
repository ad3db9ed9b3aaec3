// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The archive of PostgreSQL's programs in the class path, and the directories that it was unpacked to. */
final class Archive {
    private static final String NAME = "/postgres-linux-x86_64.txz";
    private static final String ELSEWHERE =
            "; install PostgreSQL 14 or later and give --storage.url=postgresql://USER:PASSWORD@HOST:PORT/DATABASE";

    private static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private Archive() {}

    /**
     * The directory with {@code bin}, {@code lib} and {@code share}, unpacked now if it is not there. Each version has a
     * directory of its own below {@code parent}, which processes may share. Blocks, for a second or two the first time.
     */
    static Path unpacked(Path parent) throws IOException {
        var url = find();
        var target = parent.resolve("postgres-" + checksum(url));
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(parent);
        var fresh = Files.createTempDirectory(parent, ".unpacking");
        try (var stream = url.openStream()) {
            unpack(stream, fresh);
            Files.setPosixFilePermissions(fresh, EXECUTABLE);
            moveUnlessThere(fresh, target);
        } finally {
            delete(fresh);
        }
        return target;
    }

    /** Removes a directory with all that it contains; nothing happens if it is not there. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static URL find() {
        var system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!system.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)")) {
            throw new LocalPostgresException(
                    "Drey brings PostgreSQL for Linux on x86-64 only, and this is " + system + ELSEWHERE);
        }
        var url = Archive.class.getResource(NAME);
        if (url == null) {
            throw new LocalPostgresException("The programs of PostgreSQL are missing in the class path" + ELSEWHERE);
        }
        return url;
    }

    private static String checksum(URL url) throws IOException {
        var connection = (JarURLConnection) url.openConnection();
        return Long.toHexString(connection.getJarEntry().getCrc());
    }

    private static void unpack(InputStream stream, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(stream)))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                unpack(tar, entry, target.resolve(entry.getName()));
            }
        }
    }

    private static void unpack(InputStream content, TarArchiveEntry entry, Path path) throws IOException {
        Files.createDirectories(entry.isDirectory() ? path : path.getParent());
        if (entry.isDirectory()) {
            Files.setPosixFilePermissions(path, EXECUTABLE);
        } else if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, path);
            // Not what the umask leaves: another user than ours may have to run it.
            Files.setPosixFilePermissions(path, (entry.getMode() & 0100) != 0 ? EXECUTABLE : READABLE);
        }
    }

    private static void moveUnlessThere(Path fresh, Path target) throws IOException {
        try {
            Files.move(fresh, target);
        } catch (IOException e) {
            // Another process was faster, and its copy is as good.
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }
}
