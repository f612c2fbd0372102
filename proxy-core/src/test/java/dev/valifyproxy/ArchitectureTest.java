package dev.valifyproxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import io.netty.channel.ChannelHandler;

/** The arrows between the rooms. A new one is a change of the design, not of this test. */
@AnalyzeClasses(packages = "dev.valifyproxy", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule rooms_depend_on_each_other_only_along_the_arrows = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("root")
            .definedBy("dev.valifyproxy")
            .layer("config")
            .definedBy("dev.valifyproxy.config")
            .layer("metrics")
            .definedBy("dev.valifyproxy.metrics")
            .layer("listener")
            .definedBy("dev.valifyproxy.listener")
            .layer("exchange")
            .definedBy("dev.valifyproxy.exchange")
            .layer("injection")
            .definedBy("dev.valifyproxy.injection")
            .layer("upstream")
            .definedBy("dev.valifyproxy.upstream")
            .layer("clientauth")
            .definedBy("dev.valifyproxy.clientauth")
            .layer("oauth")
            .definedBy("dev.valifyproxy.oauth")
            .layer("token")
            .definedBy("dev.valifyproxy.token")
            .layer("http1")
            .definedBy("dev.valifyproxy.http1")
            .layer("tls")
            .definedBy("dev.valifyproxy.tls")
            .layer("worker")
            .definedBy("dev.valifyproxy.worker")
            .layer("http")
            .definedBy("dev.valifyproxy.http")
            .layer("secret")
            .definedBy("dev.valifyproxy.secret")
            .whereLayer("root")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("metrics")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("listener")
            .mayOnlyBeAccessedByLayers("root", "config")
            .whereLayer("exchange")
            .mayOnlyBeAccessedByLayers("root", "config", "metrics")
            .whereLayer("injection")
            .mayOnlyBeAccessedByLayers("root", "config", "exchange")
            .whereLayer("upstream")
            .mayOnlyBeAccessedByLayers("root", "config", "metrics", "exchange")
            .whereLayer("clientauth")
            .mayOnlyBeAccessedByLayers("root", "config", "exchange", "listener")
            .whereLayer("oauth")
            .mayOnlyBeAccessedByLayers("root", "config")
            .whereLayer("token")
            .mayOnlyBeAccessedByLayers("root", "config", "metrics", "exchange", "injection", "oauth")
            .whereLayer("http1")
            .mayOnlyBeAccessedByLayers("root", "config", "listener", "upstream")
            .whereLayer("tls")
            .mayOnlyBeAccessedByLayers("root", "config", "listener", "upstream", "oauth");

    @ArchTest
    static final ArchRule the_pool_knows_neither_netty_nor_any_room_but_secret = noClasses()
            .that()
            .resideInAPackage("dev.valifyproxy.token")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..",
                    "dev.valifyproxy",
                    "dev.valifyproxy.http..",
                    "dev.valifyproxy.http1..",
                    "dev.valifyproxy.worker..",
                    "dev.valifyproxy.config..");

    @ArchTest
    static final ArchRule rules_of_http_know_no_channel = noClasses()
            .that()
            .resideInAPackage("dev.valifyproxy.http")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "dev.valifyproxy.http1..", "dev.valifyproxy.exchange..");

    @ArchTest
    static final ArchRule only_the_http1_room_its_listener_and_its_connector_know_the_version = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.valifyproxy.exchange",
                    "dev.valifyproxy.injection",
                    "dev.valifyproxy.clientauth",
                    "dev.valifyproxy.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.valifyproxy.http1");

    @ArchTest
    static final ArchRule no_room_reads_a_file = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.nio\\.file\\.Files|java\\.io\\.File(InputStream|OutputStream|Reader|Writer)?");

    @ArchTest
    static final ArchRule nothing_prints =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule handlers_say_so_in_their_names = classes()
            .that()
            .areAssignableTo(ChannelHandler.class)
            .and()
            .resideInAPackage("dev.valifyproxy.exchange")
            .should()
            .haveSimpleNameEndingWith("Handler");

    @ArchTest
    static final ArchRule rooms_form_no_circle =
            slices().matching("dev.valifyproxy.(*)").should().beFreeOfCycles();
}
