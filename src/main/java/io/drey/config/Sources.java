// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Lays the sources over each other: defaults in the jar, then the file, then the environment, then the flags. */
final class Sources {
    static final String ADMIN_TOKEN = "DREY_ADMIN_TOKEN";
    private static final String DEFAULTS = "/drey.yaml";
    private static final String FILE_FLAG = "--config=";
    private static final String FILE_VARIABLE = "DREY_CONFIG";
    private static final Path USUAL_FILE = Path.of("conf", "drey.yaml");
    private static final Set<String> OTHER_VARIABLES =
            Set.of(ADMIN_TOKEN, FILE_VARIABLE, "DREY_JAVA_OPTS", "DREY_JAVA_HOME");

    private final Map<String, Setting> settings;

    private Sources() {
        settings = new LinkedHashMap<>(defaults());
    }

    static Map<String, Setting> merged(List<String> flags, Map<String, String> environment, Path workingDirectory) {
        var sources = new Sources();
        sources.readFile(flags, environment, workingDirectory);
        sources.readEnvironment(environment);
        sources.readFlags(flags);
        return sources.settings;
    }

    static Map<String, Setting> defaults() {
        try (var stream = Sources.class.getResourceAsStream(DEFAULTS)) {
            if (stream == null) {
                throw new IllegalStateException("drey.yaml is missing in the class path");
            }
            var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            var defaults = new LinkedHashMap<String, Setting>();
            YamlReader.read("drey.yaml", text)
                    .settings()
                    .forEach((key, setting) -> defaults.put(key, new Setting(setting.text(), "default", false)));
            return defaults;
        } catch (IOException e) {
            throw new IllegalStateException("drey.yaml in the class path cannot be read", e);
        }
    }

    /** The environment variable of a key, such as {@code DREY_EVENT_BUS_PORT} for {@code event-bus.port}. */
    static String variable(String key) {
        return "DREY_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private void readFile(List<String> flags, Map<String, String> environment, Path workingDirectory) {
        var named = flags.stream()
                .filter(flag -> flag.startsWith(FILE_FLAG))
                .map(flag -> flag.substring(FILE_FLAG.length()))
                .reduce((first, last) -> last)
                .orElse(environment.getOrDefault(FILE_VARIABLE, ""));
        if (!named.isEmpty()) {
            readFile(named, workingDirectory.resolve(named));
        } else if (Files.exists(workingDirectory.resolve(USUAL_FILE))) {
            readFile(USUAL_FILE.toString(), workingDirectory.resolve(USUAL_FILE));
        }
    }

    private void readFile(String name, Path path) {
        var document = YamlReader.read(name, textOf(name, path));
        document.settings().forEach((key, setting) -> {
            if (!settings.containsKey(key)) {
                throw new ConfigException(setting.origin() + ": there is no key " + Setting.quoted(key)
                        + Spelling.suggestion(key, settings.keySet()));
            }
            settings.put(key, setting);
        });
        document.empty().forEach((key, line) -> {
            if (settings.keySet().stream().noneMatch(known -> known.startsWith(key + '.'))) {
                throw new ConfigException("file " + name + " line " + line + ": " + Setting.quoted(key)
                        + (settings.containsKey(key)
                                ? " has no value, an empty one is written \"\""
                                : " is no key" + Spelling.suggestion(key, settings.keySet())));
            }
        });
    }

    private static String textOf(String name, Path path) {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new ConfigException("file " + name + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new ConfigException("file " + name + ": the text is not UTF-8");
        } catch (IOException e) {
            throw new ConfigException("file " + name + ": cannot be read: " + e.getMessage());
        }
    }

    private void readEnvironment(Map<String, String> environment) {
        var keyOfVariable = new LinkedHashMap<String, String>();
        settings.keySet().forEach(key -> keyOfVariable.put(variable(key), key));
        // Sorted, so that of two errors always the same one is told.
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (!variable.startsWith("DREY_") || OTHER_VARIABLES.contains(variable)) {
                return;
            }
            var key = keyOfVariable.get(variable);
            if (key == null) {
                var known = new ArrayList<>(keyOfVariable.keySet());
                known.addAll(OTHER_VARIABLES);
                // The value stays out of the message: a misspelled name of the token still holds the token.
                throw new ConfigException(
                        "environment variable " + variable + ": unknown" + Spelling.suggestion(variable, known));
            }
            settings.put(key, new Setting(text, "environment variable " + variable, false));
        });
    }

    private void readFlags(List<String> flags) {
        for (var flag : flags) {
            if (flag.startsWith(FILE_FLAG)) {
                continue;
            }
            var equals = flag.indexOf('=');
            var name = equals < 0 ? flag : flag.substring(0, equals);
            var key = name.startsWith("--") ? name.substring(2) : "";
            if (!settings.containsKey(key) && !key.equals("config")) {
                throw new ConfigException(
                        "flag " + Setting.quoted(name) + ": unknown" + Spelling.suggestion(name, flagNames()));
            }
            if (equals < 0) {
                throw new ConfigException("flag " + name + ": the value is missing, write " + name + "=VALUE");
            }
            settings.put(key, new Setting(flag.substring(equals + 1), "flag " + name, false));
        }
    }

    private List<String> flagNames() {
        var names = new ArrayList<>(List.of("--config"));
        settings.keySet().forEach(key -> names.add("--" + key));
        return names;
    }
}
