// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPatchTest {
    /** Single quotes stand for double ones, to keep the documents readable. */
    private static String apply(String target, String patch) throws Exception {
        var before = JsonTest.json(target.replace('\'', '"'));
        var text = JsonTest.written(before);
        try {
            var parsed = JsonPatch.parse(JsonTest.json(patch.replace('\'', '"')));
            var result = JsonTest.written(parsed.apply(before));
            assertThat(JsonTest.written(parsed.apply(before))).isEqualTo(result);
            return result.replace('"', '\'');
        } finally {
            assertThat(JsonTest.written(before)).isEqualTo(text);
        }
    }

    /** RFC 6902, appendix A, where the patch succeeds; then the corners. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'foo':'bar'};[{'op':'add','path':'/baz','value':'qux'}];{'foo':'bar','baz':'qux'}",
                "{'foo':['bar','baz']};[{'op':'add','path':'/foo/1','value':'qux'}];{'foo':['bar','qux','baz']}",
                "{'baz':'qux','foo':'bar'};[{'op':'remove','path':'/baz'}];{'foo':'bar'}",
                "{'foo':['bar','qux','baz']};[{'op':'remove','path':'/foo/1'}];{'foo':['bar','baz']}",
                "{'baz':'qux','foo':'bar'};[{'op':'replace','path':'/baz','value':'boo'}];{'baz':'boo','foo':'bar'}",
                "{'foo':{'bar':'baz','waldo':'fred'},'qux':{'corge':'grault'}};"
                        + "[{'op':'move','from':'/foo/waldo','path':'/qux/thud'}];"
                        + "{'foo':{'bar':'baz'},'qux':{'corge':'grault','thud':'fred'}}",
                "{'foo':['all','grass','cows','eat']};[{'op':'move','from':'/foo/1','path':'/foo/3'}];"
                        + "{'foo':['all','cows','eat','grass']}",
                "{'baz':'qux','foo':['a',2,'c']};[{'op':'test','path':'/baz','value':'qux'},"
                        + "{'op':'test','path':'/foo/1','value':2}];{'baz':'qux','foo':['a',2,'c']}",
                "{'foo':'bar'};[{'op':'add','path':'/child','value':{'grandchild':{}}}];"
                        + "{'foo':'bar','child':{'grandchild':{}}}",
                "{'foo':'bar'};[{'op':'add','path':'/baz','value':'qux','xyz':123}];{'foo':'bar','baz':'qux'}",
                "{'/':9,'~1':10};[{'op':'test','path':'/~01','value':10}];{'/':9,'~1':10}",
                "{'foo':['bar']};[{'op':'add','path':'/foo/-','value':['abc','def']}];{'foo':['bar',['abc','def']]}",
                "{'a':1};[{'op':'add','path':'','value':[1]}];[1]",
                "{'a':1};[{'op':'replace','path':'','value':null}];null",
                "{'a':{'b':1}};[{'op':'move','from':'/a','path':''}];{'b':1}",
                "{'a':1};[{'op':'copy','from':'','path':'/b'}];{'a':1,'b':{'a':1}}",
                "{'a':1};[{'op':'move','from':'/a','path':'/a'}];{'a':1}",
                "{'a':1,'b':2};[{'op':'add','path':'/a','value':3}];{'a':3,'b':2}",
                "{'':1,'/':2};[{'op':'remove','path':'/'},{'op':'remove','path':'/~1'}];{}",
                "[1,2];[{'op':'add','path':'/2','value':3}];[1,2,3]",
                "{'a':null};[{'op':'replace','path':'/a','value':1.0}];{'a':1.0}",
                "{'a':null};[{'op':'test','path':'/a','value':null}];{'a':null}",
                "{'a':1.0};[{'op':'test','path':'/a','value':10e-1},{'op':'add','path':'/b','value':1e2}];"
                        + "{'a':1.0,'b':1e2}",
                "{'a':[{'x':1}]};[{'op':'copy','from':'/a/0','path':'/a/-'},"
                        + "{'op':'replace','path':'/a/1/x','value':2}];"
                        + "{'a':[{'x':1},{'x':2}]}",
                "{'0':{'1':'a'}};[{'op':'replace','path':'/0/1','value':'b'}];{'0':{'1':'b'}}",
                "{'a':1};[];{'a':1}",
                "5;[{'op':'test','path':'','value':5.0}];5"
            })
    void patchesAsTheRfcSays(String target, String patch, String result) throws Exception {
        assertThat(apply(target, patch)).isEqualTo(result);
    }

    /** RFC 6902, A.8, A.9, A.12, A.15 among them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'baz':'qux'};[{'op':'test','path':'/baz','value':'bar'}]",
                "{'foo':'bar'};[{'op':'add','path':'/baz/bat','value':'qux'}]",
                "{'/':9,'~1':10};[{'op':'test','path':'/~01','value':'10'}]",
                "{'a':1};[{'op':'remove','path':''}]",
                "{'a':1};[{'op':'remove','path':'/b'}]",
                "{'a':1};[{'op':'replace','path':'/b','value':1}]",
                "{'a':1};[{'op':'add','path':'/a/b','value':1}]",
                "{'a':{'b':1}};[{'op':'move','from':'/a','path':'/a/b'}]",
                "{'a':{'b':1}};[{'op':'move','from':'','path':'/a'}]",
                "{'a':1};[{'op':'move','from':'/b','path':'/b'}]",
                "{'a':1};[{'op':'copy','from':'/b','path':'/c'}]",
                "{'a':1};[{'op':'test','path':'/b','value':null}]",
                "[1,2];[{'op':'add','path':'/3','value':1}]",
                "[1,2];[{'op':'add','path':'/01','value':1}]",
                "[1,2];[{'op':'add','path':'/+1','value':1}]",
                "[1,2];[{'op':'add','path':'/-1','value':1}]",
                "[1,2];[{'op':'add','path':'/','value':1}]",
                "[1,2];[{'op':'add','path':'/x','value':1}]",
                "[1,2];[{'op':'add','path':'/99999999999','value':1}]",
                "[1,2];[{'op':'remove','path':'/2'}]",
                "[1,2];[{'op':'remove','path':'/-'}]",
                "[1,2];[{'op':'replace','path':'/-','value':1}]",
                "[1,2];[{'op':'test','path':'/00','value':1}]",
                "[1,2];[{'op':'test','path':'/-','value':1}]",
                "{'a':1};[{'op':'add','path':'/b','value':1},{'op':'test','path':'/b','value':2}]"
            })
    void patchesThatDoNotFitAreRefusedAndLeaveTheTarget(String target, String patch) {
        assertThatThrownBy(() -> apply(target, patch)).isInstanceOf(PatchFailedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "[1]",
                "[{}]",
                "[{'op':'add'}]",
                "[{'op':'add','path':'/a'}]",
                "[{'op':'spam','path':'/a','value':1}]",
                "[{'op':'Add','path':'/a','value':1}]",
                "[{'op':1,'path':'/a','value':1}]",
                "[{'op':'remove','path':'a'}]",
                "[{'op':'remove','path':'/~'}]",
                "[{'op':'remove','path':'/a~2'}]",
                "[{'op':'remove','path':null}]",
                "[{'op':'move','path':'/a'}]",
                "[{'op':'copy','path':'/a','from':5}]",
                "[{'op':'test','path':'/a'}]",
                "[{'op':'replace','path':''}]",
                "[{'op':'copy','path':'/a','from':'b'}]"
            })
    void documentsThatAreNoPatchAreRefused(String patch) {
        assertThatThrownBy(() -> apply("{}", patch)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void messagesNameTheStepAndItsPath() {
        var failure = catchThrowableOfType(
                PatchFailedException.class,
                () -> apply("{'a':1}", "[{'op':'test','path':'/a','value':1},{'op':'remove','path':'/b'}]"));
        assertThat(failure).hasMessage("step 1, path \"/b\": there is no such value");
        assertThat(failure.index()).isEqualTo(1);
        assertThat(failure.path()).isEqualTo("/b");
        assertThatThrownBy(() -> apply("{}", "[{'op':'remove','path':'/a'},{'op':'add','path':'/a'}]"))
                .hasMessage("step 1: member \"value\" is missing");
    }

    @Test
    void copiesThatDoubleTheirSourceAreStopped() throws Exception {
        String doubling = ",{'op':'copy','from':'/a','path':'/a/-'}".repeat(40).substring(1);
        var wide = JsonPatch.parse(JsonTest.json(("[" + doubling + "]").replace('\'', '"')));
        assertThatThrownBy(() -> wide.apply(JsonTest.json("{\"a\":[1]}"), 1_000_000))
                .isInstanceOf(PatchFailedException.class)
                .hasMessageContaining("copies more");
        assertThatThrownBy(() -> wide.apply(JsonTest.json("{\"a\":[1]}"), Long.MAX_VALUE, 20))
                .isInstanceOf(PatchFailedException.class)
                .hasMessageContaining("deeper than 20");
    }

    @Test
    void resultsThatAreTooDeepAreRefused() throws Exception {
        String bury = ",{'op':'move','from':'/a','path':'/b/c'},{'op':'move','from':'/b','path':'/a'},"
                + "{'op':'add','path':'/b','value':{}}";
        String patch = "[" + bury.repeat(600).substring(1) + "]";
        assertThatThrownBy(() -> apply("{'a':1,'b':{}}", patch))
                .isInstanceOf(PatchFailedException.class)
                .hasMessageContaining("deeper than 500");
    }

    @Test
    void removalsAtTheHeadOfALongArrayAreCounted() throws Exception {
        var target = JsonTest.json("[" + "0,".repeat(2_999_999) + "0]");
        String removals = ",{'op':'remove','path':'/0'}".repeat(100).substring(1);
        var patch = JsonPatch.parse(JsonTest.json(("[" + removals + "]").replace('\'', '"')));
        assertThatThrownBy(() -> patch.apply(target))
                .isInstanceOf(PatchFailedException.class)
                .hasMessageContaining("moves too many array elements");
        assertThat(target.size()).isEqualTo(3_000_000);
    }
}
