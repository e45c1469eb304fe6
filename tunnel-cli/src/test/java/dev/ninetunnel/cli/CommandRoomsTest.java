package dev.ninetunnel.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.ninetunnel.testing.Rooms;

/** What ArchitectureTest holds of the other module, for the command line. */
@AnalyzeClasses(packages = "dev.ninetunnel.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class CommandRoomsTest {
    /** But for the package of the commands themselves. */
    @ArchTest
    static void packagesAreSmall(JavaClasses classes) {
        assertThat(new Rooms(classes.that(resideOutsideOfPackages("dev.ninetunnel.cli"))).above(30)).isEmpty();
    }

    @ArchTest
    static void fewClassesKnowEachOtherInCircles(JavaClasses classes) {
        assertThat(new Rooms(classes).circlesAbove(20)).isEmpty();
    }
}
