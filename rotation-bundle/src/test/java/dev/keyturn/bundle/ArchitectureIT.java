package dev.keyturn.bundle;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.engine.action.RotationAction;
import dev.keyturn.plugin.mssql.MssqlTarget;
import dev.keyturn.plugin.mysql.MysqlTarget;
import dev.keyturn.plugin.postgresql.PostgresqlTarget;
import dev.keyturn.plugin.redis.RedisTarget;
import dev.keyturn.testkit.LocalSecretManager;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which room may know which: over the jars as they are built, with a floor so that no rule passes on nothing. */
class ArchitectureIT {

    private static final List<Class<?>> ONE_OF_EACH_JAR =
            List.of(RotationTarget.class, RotationAction.class, MysqlTarget.class, MssqlTarget.class, PostgresqlTarget.class, RedisTarget.class,
                    LocalSecretManager.class);

    private static final JavaClasses ALL = new ClassFileImporter().importLocations(
            ONE_OF_EACH_JAR.stream().map(ArchitectureIT::jar).map(Location::of).toList());

    private static URI jar(Class<?> type) {
        String place = type.getProtectionDomain().getCodeSource().getLocation().toString();
        return URI.create(place.endsWith(".jar") ? "jar:" + place + "!/" : place);
    }

    private static long count(String packages) {
        return ALL.that(resideInAPackage(packages)).size();
    }

    @Test
    void theJarsWereRead() {
        assertTrue(ONE_OF_EACH_JAR.stream().allMatch(type -> jar(type).toString().startsWith("jar:")), "built jars, not folders of classes");
        assertTrue(count("dev.keyturn.api..") >= 12, "api: " + count("dev.keyturn.api.."));
        assertTrue(count("dev.keyturn.engine..") >= 50, "engine: " + count("dev.keyturn.engine.."));
        assertTrue(count("dev.keyturn.plugin..") >= 30, "plugins: " + count("dev.keyturn.plugin.."));
        assertTrue(count("dev.keyturn.testkit..") >= 20, "testkit: " + count("dev.keyturn.testkit.."));
    }

    @Test
    void theApiStandsAlone() {
        classes().that().resideInAPackage("dev.keyturn.api..")
                .should().onlyDependOnClassesThat().resideInAnyPackage("dev.keyturn.api..", "java..", "javax.net.ssl..", "javax.security.auth.x500..",
                        "org.jspecify..")
                .because("third parties compile against it alone").check(ALL);
    }

    @Test
    void theEngineKnowsNoPluginAndNoTestkit() {
        noClasses().that().resideInAPackage("dev.keyturn.engine..")
                .should().dependOnClassesThat().resideInAnyPackage("dev.keyturn.plugin..", "dev.keyturn.testkit..")
                .because("new targets ship without touching the core").check(ALL);
    }

    @Test
    void pluginsKnowTheApiAndNotTheEngine_norEachOther() {
        noClasses().that().resideInAPackage("dev.keyturn.plugin..")
                .should().dependOnClassesThat().resideInAnyPackage("dev.keyturn.engine..", "dev.keyturn.testkit..").check(ALL);
        slices().matching("dev.keyturn.plugin.(*)..").should().notDependOnEachOther().check(ALL);
    }

    @Test
    void nobodyKnowsAPlugin() {
        noClasses().that(not(resideInAPackage("dev.keyturn.plugin..")))
                .should().dependOnClassesThat().resideInAPackage("dev.keyturn.plugin..").check(ALL);
    }

    @Test
    void driversAreInTheirOwnPluginOnly() {
        java.util.Map.of("postgresql", "org.postgresql..", "mysql", "com.mysql..", "mssql", "com.microsoft..", "redis", "redis.clients..")
                .forEach((plugin, driver) -> noClasses().that(not(resideInAPackage("dev.keyturn.plugin." + plugin + "..")))
                        .should().dependOnClassesThat().resideInAPackage(driver).check(ALL));
        // The kit looks for secrets in whatever hangs on an SQLException.
        noClasses().that(not(resideInAnyPackage("dev.keyturn.plugin..", "dev.keyturn.testkit..")))
                .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "javax.sql..").check(ALL);
    }

    @Test
    void eachOutsideDoorHasOneRoom() {
        noClasses().that(not(resideInAnyPackage("dev.keyturn.engine.secretmanager..", "dev.keyturn.testkit..")))
                .should().dependOnClassesThat().resideInAPackage("java.net.http..")
                .because("only the Secret Manager client speaks HTTP").check(ALL);
        noClasses().that().doNotHaveFullyQualifiedName("dev.keyturn.engine.action.RotationAction")
                .should().dependOnClassesThat().resideInAPackage("com.google.gson..")
                .because("only the action's signature needs the runtime's Gson").check(ALL);
        noClasses().that(not(resideInAnyPackage("dev.keyturn.engine.plugin..", "dev.keyturn.testkit..")))
                .should().dependOnClassesThat().areAssignableTo(java.util.ServiceLoader.class)
                .because("one guarded loop finds plugins").check(ALL);
        noClasses().that(not(resideInAnyPackage("dev.keyturn.engine.action..", "dev.keyturn.testkit..")))
                .should().dependOnClassesThat().resideInAPackage("picocli..").check(ALL);
        noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.sql.DriverManager")
                .because("it asks the context class loader, and registers for ever").check(ALL);
    }

    @Test
    void theDecisionsDoNoIo() {
        // The compiler makes a class of its own for a switch over somebody else's enum.
        classes().that().haveNameMatching("dev\\.keyturn\\.engine\\.rotation\\.Decisions(\\$.*)?")
                .should().onlyDependOnClassesThat().haveNameMatching(
                        "\\[I|java\\.lang\\..*|java\\.util\\.List|org\\.jspecify\\..*|dev\\.keyturn\\.api\\.TargetException\\$Kind"
                                + "|(\\[L)?dev\\.keyturn\\.engine\\.rotation\\.(Decisions.*|Value)|dev\\.keyturn\\.engine\\.secretmanager\\.Reply.*").check(ALL);
    }

    @Test
    void noPackagesInCircles() {
        slices().matching("dev.keyturn.engine.(*)..").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void aPluginHasOnePublicClass() {
        Stream<JavaClass> open = ALL.that(resideInAPackage("dev.keyturn.plugin..")).stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC));
        assertEquals(List.of(MssqlTarget.class.getName(), MysqlTarget.class.getName(), PostgresqlTarget.class.getName(),
                RedisTarget.class.getName()), open.map(JavaClass::getName).sorted().toList());
    }

    @Test
    void onlyTheShellWritesToStandardStreams() {
        noClasses().that(not(resideInAPackage("dev.keyturn.testkit.."))).and().doNotHaveSimpleName("Shell").and().doNotHaveSimpleName("Rotate").and().doNotHaveSimpleName("CheckCommand")
                .and().doNotHaveSimpleName("PluginsCommand").and().doNotHaveSimpleName("Terminal").and().doNotHaveSimpleName("Input")
                .should().accessField(System.class, "out").orShould().accessField(System.class, "err")
                .orShould().callMethod(Throwable.class, "printStackTrace").check(ALL);
    }

    @Test
    void noSecretInARecordsOwnWords() {
        List<String> silent = ALL.stream().filter(JavaClass::isRecord)
                .filter(type -> type.getFields().stream().anyMatch(field -> field.getName().toLowerCase(java.util.Locale.ROOT).matches(".*(password|secretkey|jobtoken).*")))
                .filter(type -> Arrays.stream(type.reflect().getDeclaredMethods()).noneMatch(method -> method.getName().equals("toString")))
                .map(JavaClass::getName).toList();
        assertEquals(List.of(), silent, "records with a secret and the compiler's toString");
    }
}
