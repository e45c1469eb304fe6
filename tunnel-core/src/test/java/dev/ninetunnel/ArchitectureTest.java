package dev.ninetunnel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.ninetunnel.testing.Rooms;

/** The rooms and who may use whom, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "dev.ninetunnel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.ninetunnel.";

    @ArchTest
    static final ArchRule ROOMS_KNOW_ONLY_THE_ROOMS_BELOW = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("errno").definedBy(ROOT + "errno")
            .layer("json").definedBy(ROOT + "json..")
            .layer("audit").definedBy(ROOT + "audit..")
            .layer("wire").definedBy(ROOT + "wire..")
            .layer("linux").definedBy(ROOT + "linux..")
            .layer("fs").definedBy(ROOT + "fs..")
            .layer("identity").definedBy(ROOT + "identity..")
            .layer("tls").definedBy(ROOT + "tls..")
            .layer("link").definedBy(ROOT + "link..")
            .layer("queue").definedBy(ROOT + "queue..")
            .layer("meter").definedBy(ROOT + "meter..")
            .layer("http").definedBy(ROOT + "http..")
            .layer("cache").definedBy(ROOT + "cache..")
            .layer("mux").definedBy(ROOT + "mux..")
            .layer("serve").definedBy(ROOT + "serve..")
            .layer("lease").definedBy(ROOT + "lease..")
            .layer("session").definedBy(ROOT + "session..")
            .layer("export").definedBy(ROOT + "export..")
            .layer("client").definedBy(ROOT + "client..")
            .layer("fuse").definedBy(ROOT + "fuse..")
            .layer("endpoint").definedBy(ROOT + "endpoint..")
            .whereLayer("errno").mayNotAccessAnyLayer()
            .whereLayer("json").mayNotAccessAnyLayer()
            .whereLayer("audit").mayOnlyAccessLayers("json", "errno")
            .whereLayer("wire").mayOnlyAccessLayers("errno")
            .whereLayer("linux").mayOnlyAccessLayers("errno")
            .whereLayer("fs").mayOnlyAccessLayers("linux", "errno")
            .whereLayer("identity").mayOnlyAccessLayers("errno")
            .whereLayer("tls").mayOnlyAccessLayers("identity", "errno")
            .whereLayer("link").mayOnlyAccessLayers("wire", "identity", "tls", "audit", "errno")
            .whereLayer("queue").mayOnlyAccessLayers("wire")
            .whereLayer("meter").mayOnlyAccessLayers("wire")
            .whereLayer("http").mayNotAccessAnyLayer()
            .whereLayer("cache").mayOnlyAccessLayers("wire", "errno")
            .whereLayer("mux").mayOnlyAccessLayers("wire", "queue", "meter", "link", "cache", "errno")
            .whereLayer("lease").mayOnlyAccessLayers("wire", "fs")
            .whereLayer("serve").mayOnlyAccessLayers("lease", "meter", "export", "wire", "link", "fs", "errno", "audit")
            .whereLayer("session").mayOnlyAccessLayers("wire", "queue", "link", "mux", "serve", "lease",
                    "identity", "audit")
            .whereLayer("export").mayOnlyAccessLayers("wire", "link", "fs", "errno", "audit", "identity")
            .whereLayer("client").mayOnlyAccessLayers("wire", "errno")
            .whereLayer("fuse").mayOnlyAccessLayers("client", "wire", "linux", "errno");

    @ArchTest
    static final ArchRule NO_TWO_ROOMS_KNOW_EACH_OTHER = slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

    /** So what serve.tree and serve.upstream do is told without serve, and what link is without those who dial and accept. */
    @ArchTest
    static final ArchRule NO_TWO_PACKAGES_KNOW_EACH_OTHER = slices().matching(ROOT + "(**)")
            .that(describe("are no commands", slice -> !slice.getNamePart(1).startsWith("cli"))).should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_WIRE_NEEDS_NOTHING_BUT_BUFFERS = ArchRuleDefinition.noClasses().that()
            .resideInAPackage(ROOT + "wire..").should().dependOnClassesThat()
            .resideInAnyPackage("org.bouncycastle..", "org.slf4j..", "io.netty.handler.ssl..", "io.netty.bootstrap..");

    @ArchTest
    static final ArchRule A_FILE_TREE_KNOWS_NO_NETWORK = ArchRuleDefinition.noClasses().that()
            .resideInAPackage(ROOT + "fs..").should().dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "org.bouncycastle..", "java.net.http..");

    /** But for the messages, which are as many as the protocol has, and the commands. */
    @ArchTest
    static void packagesAreSmall(JavaClasses classes) {
        JavaClasses others = classes.that(resideOutsideOfPackages(ROOT + "wire.message", ROOT + "cli"));
        assertThat(new Rooms(others).above(30)).isEmpty();
    }

    /** But for the messages, of which each knows its kind and the kind knows all. */
    @ArchTest
    static void fewClassesKnowEachOtherInCircles(JavaClasses classes) {
        assertThat(new Rooms(classes.that(resideOutsideOfPackage(ROOT + "wire.message"))).circlesAbove(20)).isEmpty();
    }
}
