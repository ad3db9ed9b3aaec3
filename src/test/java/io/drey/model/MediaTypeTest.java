// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json; charset=utf-8",
                " application/json ;x=y",
                "application/ld+json",
                "model/GLTF+Json;q=1"
            })
    void jsonTypesAreJson(String contentType) {
        assertThat(MediaType.isJson(contentType)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text/json",
                "application/jsonp",
                "application/json+x",
                "application/+json",
                "/a+json",
                "a+json",
                "application/x-ndjson",
                "application/json-seq",
                "text/plain; a=application/json",
                "text/plain;a=b+json"
            })
    void otherTypesAreNotJson(String contentType) {
        assertThat(MediaType.isJson(contentType)).isFalse();
    }

    @Test
    void noTypeIsNothing() {
        assertThat(MediaType.essence(null)).isEmpty();
        assertThat(MediaType.isJson(null)).isFalse();
        assertThat(MediaType.isActive(null)).isFalse();
        assertThat(MediaType.essence("Text/HTML ; charset=x")).isEqualTo("text/html");
    }

    @Test
    void typesThatCanRunScriptsAreActive() {
        for (var active : new String[] {
            "text/html",
            "TEXT/HTML;charset=utf-8",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/xml",
            "application/xml",
            "application/atom+xml",
            "application/mathml+xml; a=b"
        }) {
            assertThat(MediaType.isActive(active)).as(active).isTrue();
        }
        for (var passive :
                new String[] {"application/json", "text/plain", "image/png", "text/htmlx", "application/xmlx"}) {
            assertThat(MediaType.isActive(passive)).as(passive).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/vnd.a.b+json",
                "text/plain;charset=utf-8",
                "text/plain ; a=b;c=\"d e;\\\"f\"",
                "text/plain;",
                "a/b;;c=d",
                "!#$/%&'*+-.^_`|~",
                "multipart/form-data; boundary=----x",
                "*/*"
            })
    void mediaTypesAreValid(String contentType) {
        assertThat(MediaType.isValid(contentType)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text/",
                "/plain",
                "text/plain/x",
                "text plain",
                " text/plain",
                "text/plain ",
                "text/plain\r\nA: b",
                "text/plain\n",
                "text/plain;a",
                "text/plain;a=",
                "text/plain;a=\"b",
                "text/plain;a=\"b\\",
                "text/plain;a=\"\n\"",
                "text/plain;a=b c",
                "text/plain, text/html",
                "text/pl\u00e4in",
                "text/plain;a=\"\u00e4\"",
                "text/plain\u0000",
                "text/plain;a =b",
                "text/plain;a=\"b\"c",
                "text/plain; "
            })
    void nonsenseIsNotValid(String contentType) {
        assertThat(MediaType.isValid(contentType)).isFalse();
    }

    @Test
    void validTypesAreBounded() {
        assertThat(MediaType.isValid("a/" + "b".repeat(MediaType.LENGTH_MAX - 2)))
                .isTrue();
        assertThat(MediaType.isValid("a/" + "b".repeat(MediaType.LENGTH_MAX - 1)))
                .isFalse();
    }
}
