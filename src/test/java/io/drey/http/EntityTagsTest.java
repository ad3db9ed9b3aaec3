// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    @Test
    void strongTagMatchesItsVersionOnly() {
        var tags = tags("\"5\"");
        assertThat(tags.any()).isFalse();
        assertThat(tags.strongMatch(5)).isTrue();
        assertThat(tags.weakMatch(5)).isTrue();
        assertThat(tags.strongMatch(6)).isFalse();
    }

    @Test
    void weakTagNeverMatchesStrongly() {
        var tags = tags("W/\"5\", \"6\"");
        assertThat(tags.strongMatch(5)).isFalse();
        assertThat(tags.weakMatch(5)).isTrue();
        assertThat(tags.strongVersions()).containsExactly(6);
        assertThat(tags.weakVersions()).containsExactly(5, 6);
    }

    @Test
    void listsMayHaveEmptyElementsAndSeveralLines() {
        assertThat(tags(", \"1\",,\t\"2\" ,", "\"3\"").strongVersions()).containsExactly(1, 2, 3);
        assertThat(tags("\"1\",\"2\"").strongVersions()).containsExactly(1, 2);
        // A comma within quotes belongs to the tag.
        assertThat(tags("\"a,b\",\"2\"").strongVersions()).containsExactly(2);
    }

    @Test
    void asteriskMatchesEveryPresentRecord() {
        var tags = tags(" * ");
        assertThat(tags.any()).isTrue();
        assertThat(tags.strongMatch(1)).isTrue();
        assertThat(tags.weakMatch(1)).isTrue();
        assertThat(tags.strongMatch(0)).isFalse();
        assertThat(tags.weakMatch(0)).isFalse();
        assertThat(tags.strongVersions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"0\"",
                "\"05\"",
                "\"-5\"",
                "\"+5\"",
                "\"5.0\"",
                "\"9007199254740992\"",
                "\"99999999999999999999\"",
                "\"a\"",
                "\"\u00e9\"",
                "\"W/5\"",
                "\"*\"",
                "\"a\\\""
            })
    void tagsThatNameNoVersionMatchNothing(String value) {
        assertThat(tags(value).any()).isFalse();
        assertThat(tags(value).weakVersions()).isEmpty();
    }

    @Test
    void largestVersionIsNamed() {
        assertThat(tags(EntityTags.of((1L << 53) - 1)).strongMatch((1L << 53) - 1))
                .isTrue();
        assertThat(tags(EntityTags.weak(7)).weakVersions()).containsExactly(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "5",
                "\"5",
                "5\"",
                "w/\"5\"",
                "W/5",
                "W/",
                "W /\"5\"",
                "\"5\" \"6\"",
                "\"5\"\"6\"",
                "*, \"5\"",
                "\"5\", *",
                "**",
                "\"a b\"",
                "'5'",
                "\"5\";q=1",
                "\"\u0141\"",
                "\"\u007f\""
            })
    void everythingElseIsMalformed(String value) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> tags(value))
                .satisfies(refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.MALFORMED));
    }

    private static EntityTags tags(String... lines) {
        return EntityTags.parse(List.of(lines));
    }
}
