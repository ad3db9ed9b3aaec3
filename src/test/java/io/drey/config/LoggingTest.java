// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoggingTest {
    @Test
    void textIsOneLineWithTimeInUtcLevelAndLogger() throws JoranException {
        assertThat(encoded("text"))
                .isEqualTo("2026-11-20T10:00:00.123Z INFO  [io.drey.Main] one | two | java.lang.RuntimeException: x |"
                        + " y\n");
    }

    @Test
    void jsonIsOneObjectOnOneLine() throws JoranException, IOException {
        var line = encoded("json");
        var json = JsonMapper.builder().build().readTree(line);
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(json.path("level").asText()).isEqualTo("INFO");
        assertThat(json.path("formattedMessage").asText()).isEqualTo("one\ntwo");
        assertThat(json.path("throwable").path("message").asText()).isEqualTo("x\ny");
    }

    private static String encoded(String format) throws JoranException {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("drey.logging.format", format);
        context.putProperty("drey.logging.level", "warn");
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LoggingTest.class.getResource("/logback.xml"));
        var root = context.getLogger("ROOT");
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
        var failure = new RuntimeException("x\ny");
        failure.setStackTrace(new StackTraceElement[0]);
        var event = new LoggingEvent("", context.getLogger("io.drey.Main"), Level.INFO, "one\ntwo", failure, null);
        event.setInstant(Instant.parse("2026-11-20T10:00:00.123Z"));
        var appender = (ConsoleAppender<ILoggingEvent>) root.getAppender("stdout");
        return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
    }
}
