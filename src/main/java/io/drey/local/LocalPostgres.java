// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One PostgreSQL on the loopback interface. {@code directory} keeps its data, its password and its log, and is never
 * emptied; a start on the same directory finds the data of the one before. All methods block and may be called by any
 * thread; {@link #close} also ends a start that is under way.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            // For a machine that has little and runs the nodes too.
            "shared_buffers=128MB",
            "max_connections=100",
            "max_wal_size=1GB",
            "jit=off",
            // The defaults, which whoever edits postgresql.conf must not change: answered writes are on the disk.
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "log_checkpoints=off",
            "timezone=UTC",
            "log_timezone=UTC");

    private static final long START_SECONDS = 60;
    private static final long POLL_MILLIS = 10;
    private static final long ORPHAN_SECONDS = 5;
    private static final int STOP_SECONDS = 20;
    private static final long LOG_BYTES_MAX = 16L << 20;

    private final Path directory;
    private final Path archives;
    private final int port;
    private final DataDirectory data;
    private final Path log;
    private volatile boolean isClosing;
    private FileChannel lock;
    private Programs programs;
    private ProcessHandle process;

    /**
     * Nothing happens before {@link #start}.
     *
     * @param directory made when missing
     * @param archives where the programs are unpacked to, once for each of their versions; may be shared
     * @param port 1 to 65535
     */
    public LocalPostgres(Path directory, Path archives, int port) {
        this.directory = directory;
        this.archives = archives;
        this.port = port;
        this.data = new DataDirectory(directory);
        this.log = directory.resolve("postgres.log");
    }

    /**
     * Returns when connections are accepted: after some seconds the first time, which unpacks, later within one.
     *
     * @return the URL with user, password and database
     * @throws LocalPostgresException when it cannot be started; nothing of it is left running then
     */
    public synchronized String start() {
        try {
            lock();
            if (Postmaster.of(data.path())
                    .filter(postmaster -> postmaster.port() == port)
                    .isEmpty()) {
                requireFreePort();
            }
            programs = new Programs(Archive.unpacked(archives).toAbsolutePath(), Account.of(data.path()));
            if (programs.account().isOther()) {
                // That user must get to the data and the programs, but sees nothing else here.
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            }
            if (!tookOver()) {
                launch();
            }
            return "postgresql://" + DataDirectory.USER + ":" + data.password() + "@127.0.0.1:" + port + "/"
                    + DataDirectory.DATABASE;
        } catch (IOException e) {
            throw failed(new LocalPostgresException("PostgreSQL cannot be started in " + directory + ": " + e, e));
        } catch (LocalPostgresException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(new LocalPostgresException("The start of PostgreSQL was interrupted", e));
        }
    }

    /**
     * Waits until PostgreSQL has ended.
     *
     * @throws LocalPostgresException when it ended although nobody closed this
     */
    public void awaitEnd() {
        ended().onExit().join();
        if (!isClosing) {
            throw new LocalPostgresException("PostgreSQL has ended by itself; its log is " + log);
        }
    }

    /** Stops it: open transactions are rolled back, committed ones are on the disk. Further calls do nothing. */
    @Override
    public void close() {
        isClosing = true;
        end();
    }

    private synchronized ProcessHandle ended() {
        return process;
    }

    private LocalPostgresException failed(LocalPostgresException reason) {
        end();
        return reason;
    }

    private synchronized void end() {
        try {
            if (process != null && process.isAlive()) {
                stop(process);
            }
            if (lock != null) {
                lock.close();
                lock = null;
            }
        } catch (IOException e) {
            throw new LocalPostgresException("PostgreSQL could not be stopped: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lock() throws IOException {
        if (lock != null) {
            throw new IllegalStateException("Started already");
        }
        Files.createDirectories(directory);
        lock = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(lock)) {
            throw new LocalPostgresException(
                    "The PostgreSQL in " + directory + " has been started by another process, which still runs");
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // This process has it, by another object.
            return false;
        }
    }

    /** Deals with what a killed start has left behind: true when its postmaster serves as ours from now on. */
    private boolean tookOver() throws IOException, InterruptedException {
        if (!Files.isDirectory(data.path())) {
            return false;
        }
        var running = Postmaster.of(data.path());
        if (running.isPresent()) {
            var postmaster = running.get();
            if (postmaster.isReady() && postmaster.port() == port && data.isComplete()) {
                process = postmaster.process();
                return true;
            }
            stop(postmaster.process());
        }
        for (var orphan : Postmaster.processes(data.path())) {
            if (!endsWithin(orphan, ORPHAN_SECONDS)) {
                orphan.destroyForcibly();
                endsWithin(orphan, ORPHAN_SECONDS);
            }
        }
        // PostgreSQL would refuse to start if its number had passed to any other process.
        Files.deleteIfExists(data.path().resolve("postmaster.pid"));
        return false;
    }

    private void launch() throws IOException, InterruptedException {
        data.complete(programs);
        rotateLog();
        long begin = Files.exists(log) ? Files.size(log) : 0;
        var arguments =
                new ArrayList<>(List.of("-D", data.path().toAbsolutePath().toString(), "-p", "" + port));
        SETTINGS.forEach(setting -> arguments.addAll(List.of("-c", setting)));
        // A file and no pipe: it must be able to go on when this process is killed.
        process = programs.command("postgres", arguments)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .toHandle();
        awaitReady(begin);
    }

    private void requireFreePort() {
        try {
            new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")).close();
        } catch (IOException e) {
            throw new LocalPostgresException("Port " + port + " of 127.0.0.1, meant for PostgreSQL, cannot be bound ("
                    + e.getMessage() + "), expected a free port");
        }
    }

    private void rotateLog() throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
            Files.move(log, log.resolveSibling("postgres.log.old"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void awaitReady(long logBegin) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (!isReady()) {
            if (!process.isAlive()) {
                throw new LocalPostgresException("PostgreSQL did not start: " + Programs.reason(logSince(logBegin)));
            }
            if (isClosing || System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
                throw new LocalPostgresException("PostgreSQL was not ready in time; its log is " + log);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean isReady() throws IOException {
        return Postmaster.of(data.path())
                .filter(postmaster -> postmaster.process().equals(process) && postmaster.isReady())
                .isPresent();
    }

    private String logSince(long begin) throws IOException {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(begin);
            var bytes = new byte[(int) Math.min(file.length() - begin, LOG_BYTES_MAX)];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private void stop(ProcessHandle postmaster) throws IOException, InterruptedException {
        var arguments = List.of(
                "stop",
                "--pgdata=" + data.path().toAbsolutePath(),
                "--mode=fast",
                "--timeout=" + STOP_SECONDS,
                "--silent");
        try {
            programs.run("pg_ctl", arguments, "");
        } catch (LocalPostgresException e) {
            // As safe as a crash: what was committed is found in the log of the database at the next start.
            postmaster.destroyForcibly();
        }
        endsWithin(postmaster, STOP_SECONDS);
    }

    private static boolean endsWithin(ProcessHandle process, long seconds) throws InterruptedException {
        long begun = System.nanoTime();
        while (!Postmaster.isGone(process)) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(seconds)) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }
}
