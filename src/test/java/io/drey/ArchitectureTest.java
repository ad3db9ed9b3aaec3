// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/**
 * Which package may use which: the map of the code in the form of rules. A rule without classes holds, so that parts
 * may come and go; what must not happen unseen is a package that no rule speaks of.
 */
@AnalyzeClasses(packages = "io.drey", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String MAIN = "io.drey";
    private static final String MODEL = "io.drey.model";
    private static final String LEDGER = "io.drey.ledger";
    private static final String SQLITE = "io.drey.ledger.sqlite";
    private static final String POSTGRES = "io.drey.ledger.postgres";
    private static final String TABLES = "io.drey.ledger.tables";
    private static final String COPY = "io.drey.copy";
    private static final String LOCAL = "io.drey.local";
    private static final String MEMBER = "io.drey.member";
    private static final String CLUSTER = "io.drey.cluster";
    private static final String PARTITION = "io.drey.partition";
    private static final String STORE = "io.drey.store";
    private static final String AUTH = "io.drey.auth";
    private static final String HTTP = "io.drey.http";
    private static final String DIALECTS = "io.drey.http.(*)..";
    private static final String CONFIG = "io.drey.config";

    @ArchTest
    static final ArchRule everyPackageIsOnTheMap = classes()
            .should()
            .resideInAnyPackage(
                    MAIN,
                    MODEL,
                    LEDGER,
                    TABLES,
                    SQLITE,
                    POSTGRES,
                    COPY,
                    LOCAL,
                    MEMBER,
                    CLUSTER,
                    PARTITION,
                    STORE,
                    AUTH,
                    HTTP + "..",
                    CONFIG)
            .because("a new package says here what it may use, before it uses anything");

    @ArchTest
    static final ArchRule modelUsesJavaAndJacksonOnly = classes()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(MODEL, "java..", "com.fasterxml.jackson.."))
            .allowEmptyShould(true)
            .because("the rules of the operations are pure functions on values, tested without any framework");

    @ArchTest
    static final ArchRule ledgerUsesModel =
            arrows(LEDGER, MODEL).because("what is durable knows neither who asks for it nor how it is kept");

    @ArchTest
    static final ArchRule sqliteUsesLedgerAndModel = arrows(SQLITE, LEDGER, TABLES, MODEL)
            .because("an implementation of the ledger must be replaceable by another that passes the same tests");

    @ArchTest
    static final ArchRule postgresUsesLedgerAndModel = arrows(POSTGRES, LEDGER, TABLES, MODEL)
            .because("an implementation of the ledger must be replaceable by another that passes the same tests");

    @ArchTest
    static final ArchRule tablesUseLedger =
            arrows(TABLES, LEDGER).because("rows on their way from one ledger to another are no records yet");

    @ArchTest
    static final ArchRule copyKnowsTheLedgers = arrows(COPY, LEDGER, TABLES, SQLITE, POSTGRES)
            .because("a copy is made beside the nodes, while none of them runs");

    @ArchTest
    static final ArchRule localUsesNoOtherPart =
            arrows(LOCAL).because("a database to try things with is no part of what works with it");

    @ArchTest
    static final ArchRule memberUsesLedger =
            arrows(MEMBER, LEDGER).because("who lives is a question of the ledger, whatever it is that the living do");

    @ArchTest
    static final ArchRule clusterUsesNoOtherPart =
            arrows(CLUSTER).because("joining the other nodes has nothing to do with what is stored on them");

    @ArchTest
    static final ArchRule partitionUsesModelLedgerAndCluster = arrows(PARTITION, MODEL, LEDGER, MEMBER, CLUSTER)
            .because("the owners of partitions serve every dialect alike and must not know any");

    @ArchTest
    static final ArchRule storeUsesModelLedgerAndPartition = arrows(STORE, MODEL, LEDGER, MEMBER, PARTITION)
            .because("the directory of stores and the way to their records is the same for every dialect");

    @ArchTest
    static final ArchRule authUsesModelAndLedger =
            arrows(AUTH, MODEL, LEDGER, MEMBER).because("who may do what is decided without having heard of HTTP");

    @ArchTest
    static final ArchRule httpUsesThePartsBelowIt = arrows(HTTP + "..", MODEL, LEDGER, PARTITION, STORE, AUTH)
            .because("HTTP translates between requests and operations; how these are kept is not its business");

    @ArchTest
    static final ArchRule configUsesNoOtherPart = arrows(CONFIG)
            .because("settings are read without knowing what they are for; each part checks its own record of them");

    @ArchTest
    static final ArchRule onlyMainReadsSettings = noClasses()
            .that()
            .resideOutsideOfPackages(MAIN, CONFIG)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CONFIG)
            .allowEmptyShould(true)
            .because("a part gets its own settings handed in and never sees those of another");

    @ArchTest
    static final ArchRule nobodyUsesMain = noClasses()
            .that()
            .resideOutsideOfPackage(MAIN)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(MAIN)
            .allowEmptyShould(true)
            .because("the class that knows every part must not be known by any");

    @ArchTest
    static final ArchRule dialectsDoNotKnowEachOther = slices().matching(DIALECTS)
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true)
            .because("a dialect can be changed or dropped without a look at the others; what they share is in http");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().assignedFrom(new EachPackage())
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true)
            .because("packages that need each other are one package in two folders");

    @ArchTest
    static final ArchRule databaseDriverStaysInItsPackage = library(
                    new String[] {SQLITE}, "org.sqlite..", "java.sql..", "javax.sql..")
            .because("the ledger's interface is what lets another database take its place");

    @ArchTest
    static final ArchRule hazelcastStaysInTwoPackages = library(new String[] {CLUSTER, PARTITION}, "com.hazelcast..")
            .because(
                    "the cluster is behind an interface of our own, for its answers are never the truth by themselves");

    @ArchTest
    static final ArchRule clusterManagerStaysInItsPackage = library(new String[] {CLUSTER}, "io.vertx.spi.cluster..")
            .because("one place decides how Vert.x and the map share one cluster");

    @ArchTest
    static final ArchRule routingStaysUnderHttp = library(new String[] {HTTP + ".."}, "io.vertx.ext.web..")
            .because("what lies below HTTP must be callable from the event bus and from tests without a request");

    @ArchTest
    static final ArchRule ledgerAndModelDoNotKnowVertx = noClasses()
            .that()
            .resideInAnyPackage(MODEL, LEDGER, TABLES, SQLITE, COPY, CONFIG)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..")
            .allowEmptyShould(true)
            .because("they run on threads of their own and speak in the JDK's completion stages");

    @ArchTest
    static final ArchRule partsBelowHttpUseNoExtensionOfVertx = noClasses()
            .that()
            .resideInAnyPackage(CLUSTER, PARTITION, STORE, AUTH)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.ext..")
            .allowEmptyShould(true)
            .because("futures and the event bus are all that they need of Vert.x");

    /** That {@code from} uses nothing of ours but itself and {@code to}; {@code from} may end in two dots. */
    private static ArchRule arrows(String from, String... to) {
        return classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("io.drey..")
                        .or(resideInAPackage(from))
                        .or(resideInAnyPackage(to)))
                .allowEmptyShould(true);
    }

    /** That packages of a library are used in the {@code places} only. */
    private static ArchRule library(String[] places, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(places)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true);
    }

    /** Each package by itself, unlike the patterns of slices, which take a package together with those below it. */
    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return SliceIdentifier.of(javaClass.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
