package dev.keyturn.plugin.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TlsSettings;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** How the engine finds the plugin (R11). */
class ProviderTest {

    @Test
    void itIsFoundAndSaysWhatItReads() {
        RotationTarget target = ServiceLoader.load(RotationTarget.class).findFirst().orElseThrow();
        assertEquals("postgresql", target.type());
        assertEquals(List.of("host", "cdbHost"), target.schema().field(Credential.HOST).orElseThrow().names());
        assertEquals(List.of("port", "cdbPort"), target.schema().field(Credential.PORT).orElseThrow().names());
        assertEquals(List.of("user", "username", "cdbUser"), target.schema().field(Credential.USER).orElseThrow().names());
        assertEquals(List.of("password", "cdbPassword"), target.schema().field(Credential.PASSWORD).orElseThrow().names());
        assertEquals("postgres", target.schema().field("database").orElseThrow().defaultValue().orElseThrow());
    }

    @Test
    void itsVersionsAreInAResource() throws Exception {
        Properties versions = new Properties();
        try (InputStream in = PostgresqlTarget.class.getResourceAsStream(
                "/META-INF/keyturn/dev.keyturn.plugin.postgresql.PostgresqlTarget.properties")) {
            versions.load(in);
        }
        assertTrue(versions.getProperty("version").matches("[0-9].*"), versions.toString());
        assertTrue(versions.getProperty("spi").matches("[0-9]+\\.[0-9]+"), versions.toString());
    }

    /** What is asked before a login needs no driver: here there is none. */
    @Test
    void nothingOfTheDriverIsNeededBeforeALogin() throws Exception {
        ClassLoader here = getClass().getClassLoader();
        ClassLoader withoutDriver = new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (name.startsWith("dev.keyturn.api.")) {
                    return here.loadClass(name);
                }
                throw new ClassNotFoundException(name);
            }
        };
        URL classes = PostgresqlTarget.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, withoutDriver)) {
            RotationTarget target = ServiceLoader.load(RotationTarget.class, loader).findFirst().orElseThrow();
            assertEquals(loader, target.getClass().getClassLoader());
            assertEquals("postgresql", target.type());
            assertEquals(5, target.schema().fields().size());
            assertTrue(target.passwordRules().refusal("x").isEmpty());
            assertThrows(NoClassDefFoundError.class, () -> target.open(Credential.of(Map.of("host", "localhost", "port", "1",
                    "user", "u", "password", "p", "database", "d")), Fixture.context(TlsSettings.off(), 100)));
        }
    }
}
