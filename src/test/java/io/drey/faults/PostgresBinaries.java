// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, unpacked once for each version into the directory for temporary files and left there. */
final class PostgresBinaries {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final int EXECUTABLE = 0100;

    private PostgresBinaries() {}

    /** The directory with {@code bin}, {@code lib} and {@code share}; several processes may ask for it at once. */
    static synchronized Path directory() throws IOException {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        var directory = temporary.resolve("drey-postgres-" + fingerprint());
        if (!Files.isDirectory(directory)) {
            var unpacked = Files.createTempDirectory(temporary, "drey-postgres-new");
            unpack(unpacked);
            try {
                Files.move(unpacked, directory, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                // Another process was faster, or this is a true failure, which then shows below.
                Directories.delete(unpacked);
            }
        }
        return directory;
    }

    private static String fingerprint() throws IOException {
        try (var archive = archive()) {
            var sum = new CRC32();
            sum.update(archive.readAllBytes());
            return Long.toHexString(sum.getValue());
        }
    }

    private static InputStream archive() throws IOException {
        var archive = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (archive == null) {
            throw new NoSuchFileException("there is no " + ARCHIVE + " on the class path");
        }
        return archive;
    }

    private static void unpack(Path directory) throws IOException {
        try (var tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive()), true))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                var file = directory.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(file.getParent());
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                    boolean executable = (entry.getMode() & EXECUTABLE) != 0;
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
