// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of one node: an immutable map of dotted keys, with getters that check type and bounds.
 *
 * <p>Each part reads its own keys once at start. A getter throws {@link ConfigException} when the value is not allowed;
 * its message is one line with the key, the value, where that came from and what is allowed. Asking for a key that
 * {@code drey.yaml} does not have is a defect and throws {@link IllegalArgumentException}. Safe for use by any thread.
 */
public final class Settings {
    private final Map<String, Setting> settings;
    private final Optional<String> adminToken;

    private Settings(Map<String, Setting> settings, Optional<String> adminToken) {
        this.settings = Collections.unmodifiableMap(settings);
        this.adminToken = adminToken;
    }

    /** Reads for this process: its environment and its working directory. Blocks on the file system. */
    public static Settings read(String... flags) {
        return read(List.of(flags), System.getenv(), Path.of(""));
    }

    /**
     * @param flags such as {@code --http.port=8081}; the last one of a key wins
     * @param environment all variables; only those that start with {@code DREY_} are looked at
     * @param workingDirectory where relative paths of the configuration file start
     * @throws ConfigException for files that cannot be read, unknown names and settings that contradict each other
     */
    public static Settings read(List<String> flags, Map<String, String> environment, Path workingDirectory) {
        var token = Optional.ofNullable(environment.get(Sources.ADMIN_TOKEN)).filter(text -> !text.isEmpty());
        var settings = new Settings(Sources.merged(flags, environment, workingDirectory), token);
        settings.checkTogether();
        return settings;
    }

    /** The token of the environment variable DREY_ADMIN_TOKEN, which is no setting and appears nowhere else. */
    public Optional<String> adminToken() {
        return adminToken;
    }

    public String text(String key) {
        var setting = setting(key);
        if (setting.isList()) {
            throw refuse(key, "one value, not a list");
        }
        return setting.text().strip();
    }

    public int integer(String key, int min, int max) {
        return (int) longInteger(key, min, max);
    }

    public long longInteger(String key, long min, long max) {
        var allowed = "a whole number from " + min + " to " + max;
        try {
            return within(key, Long.parseLong(text(key)), min, max, allowed);
        } catch (NumberFormatException e) {
            throw refuse(key, allowed);
        }
    }

    /** A size in bytes: a plain number, or one with KiB, MiB or GiB. */
    public long bytes(String key, long min, long max) {
        return quantity(key, Quantity.BYTES, min, max, "bytes, or a number with KiB, MiB or GiB");
    }

    /** A time in milliseconds: a number with ms, s, min, h or d; a bare number means seconds. */
    public long duration(String key, long minMillis, long maxMillis) {
        return quantity(key, Quantity.MILLIS, minMillis, maxMillis, "a time such as 500 ms, 10 s, 5 min, 24 h or 7 d");
    }

    public boolean bool(String key) {
        return oneOf(key, "true", "false").equals("true");
    }

    /** One of the given words, in exactly this spelling. */
    public String oneOf(String key, String... values) {
        var text = text(key);
        if (!Arrays.asList(values).contains(text)) {
            throw refuse(key, "one of " + String.join(", ", values));
        }
        return text;
    }

    /** The items of a YAML list or of a text separated by commas, without blanks around them and without empty ones. */
    public List<String> list(String key) {
        return Arrays.stream(setting(key).text().split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** The exception for a value that the caller's own check does not allow, in the same words as the getters'. */
    public ConfigException refuse(String key, String allowed) {
        var setting = setting(key);
        return new ConfigException(
                key + ": " + setting.shown() + " (" + setting.origin() + ") is not allowed, expected " + allowed);
    }

    /** All settings with their values, for a log line: passwords in URLs are masked, the admin token is left out. */
    @Override
    public String toString() {
        var shown = new LinkedHashMap<String, String>();
        settings.forEach((key, setting) -> shown.put(key, setting.shown()));
        return shown.toString();
    }

    private long quantity(String key, Quantity quantity, long min, long max, String kind) {
        var allowed = kind + ", from " + quantity.format(min) + " to " + quantity.format(max);
        var amount = quantity.parse(text(key)).orElseThrow(() -> refuse(key, allowed));
        return within(key, amount, min, max, allowed);
    }

    private long within(String key, long number, long min, long max, String allowed) {
        if (number < min || number > max) {
            throw refuse(key, allowed);
        }
        return number;
    }

    private Setting setting(String key) {
        var setting = settings.get(key);
        if (setting == null) {
            throw new IllegalArgumentException("drey.yaml has no key " + key);
        }
        return setting;
    }

    private void checkTogether() {
        var url = text("storage.url");
        if (!url.isEmpty() && !url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            throw refuse(
                    "storage.url", "postgresql://user:password@host:port/database, or nothing (SQLite in data.dir)");
        }
        if (url.isEmpty() && bool("cluster.enabled")) {
            throw refuse("cluster.enabled", "false: SQLite serves one node, several need storage.url");
        }
        if (text("http.tls.certificate").isEmpty() != text("http.tls.key").isEmpty()) {
            var missing = text("http.tls.key").isEmpty() ? "http.tls.key" : "http.tls.certificate";
            throw refuse(missing, "a PEM file: http.tls.certificate and http.tls.key are set both or none");
        }
    }
}
