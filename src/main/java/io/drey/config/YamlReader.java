// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads one YAML text into dotted keys with their lines.
 *
 * <p>It walks the tokens instead of binding a tree, because only the tokens know their lines and see a key that is
 * there twice. An instance serves one text.
 */
final class YamlReader {
    private static final YAMLFactory FACTORY = new YAMLFactory();

    private final String name;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Set<String> sections = new HashSet<>();
    private final Map<String, Integer> emptySections = new LinkedHashMap<>();

    private YamlReader(String name) {
        this.name = name;
    }

    /**
     * @param name how messages call the file
     * @return the settings in the order of the file
     * @throws ConfigException when the text is no YAML, or has keys twice, or values that are neither scalars nor lists
     */
    static Document read(String name, String text) {
        var reader = new YamlReader(name);
        try (var parser = FACTORY.createParser(text)) {
            reader.document(parser);
        } catch (IOException e) {
            throw reader.broken(e);
        }
        return new Document(reader.settings, reader.emptySections);
    }

    private void document(YAMLParser parser) throws IOException {
        var first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            throw wrong(parser, "expected keys with values, such as \"http:\"");
        }
        section("", parser);
        if (parser.nextToken() != null) {
            throw wrong(parser, "expected one document only");
        }
    }

    private void section(String prefix, YAMLParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var key = prefix + parser.currentName();
            var line = line(parser);
            var token = parser.nextToken();
            if (!sections.add(key)) {
                throw new ConfigException(place(line) + ": " + Setting.quoted(key) + " is there twice");
            }
            if (token == JsonToken.START_OBJECT) {
                section(key + '.', parser);
            } else if (token == JsonToken.VALUE_NULL) {
                emptySections.put(key, line);
            } else if (token == JsonToken.START_ARRAY) {
                settings.put(key, new Setting(list(key, parser), place(line), true));
            } else {
                settings.put(key, new Setting(scalar(key, parser), place(line), false));
            }
        }
    }

    private String list(String key, YAMLParser parser) throws IOException {
        List<String> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(scalar(key, parser));
        }
        return String.join(",", items);
    }

    private String scalar(String key, YAMLParser parser) throws IOException {
        if (!parser.currentToken().isScalarValue()
                || parser.currentToken() == JsonToken.VALUE_NULL
                || parser.isCurrentAlias()) {
            throw wrong(parser, Setting.quoted(key) + " must be a plain value or a list of plain values");
        }
        return parser.getText();
    }

    private ConfigException wrong(JsonParser parser, String problem) {
        return new ConfigException(place(line(parser)) + ": " + problem);
    }

    private ConfigException broken(IOException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            return new ConfigException(
                    place(marked.getProblemMark().getLine() + 1) + ": broken YAML: " + oneLine(marked.getProblem()));
        }
        return new ConfigException("file " + name + ": broken YAML: " + oneLine(e.getMessage()));
    }

    private static String oneLine(String text) {
        return String.valueOf(text).lines().findFirst().orElse("unreadable");
    }

    private String place(int line) {
        return "file " + name + " line " + line;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    /**
     * What one file says.
     *
     * @param settings by dotted key
     * @param empty keys without a value, with their lines: allowed for a section whose keys are all commented out
     */
    record Document(Map<String, Setting> settings, Map<String, Integer> empty) {}
}
