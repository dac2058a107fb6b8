package dev.keyturn.plugin.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetSchema;
import java.io.File;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** R11: what the engine sees before any target hears anything. */
class PluginTest {

    @Test
    void itIsFoundAndSaysForWhichSpiItWasBuilt() throws Exception {
        RotationTarget found = ServiceLoader.load(RotationTarget.class).findFirst().orElseThrow();
        assertEquals(MysqlTarget.class, found.getClass());
        assertEquals("mysql", found.type());
        Properties properties = new Properties();
        try (InputStream in = MysqlTarget.class.getResourceAsStream("/META-INF/keyturn/" + MysqlTarget.class.getName() + ".properties")) {
            properties.load(in);
        }
        assertTrue(properties.getProperty("spi").matches("\\d+\\.\\d+"), properties.toString());
        assertTrue(properties.getProperty("version").matches("\\d+\\.\\d+.*"), properties.toString());
    }

    @Test
    void theFieldsHaveTheNamesThatPeopleUse() {
        TargetSchema schema = new MysqlTarget().schema();
        assertEquals(List.of("user", "cdbUser", "username"), schema.field(Credential.USER).orElseThrow().names());
        assertEquals(List.of("password", "cdbPassword"), schema.field(Credential.PASSWORD).orElseThrow().names());
        assertEquals(List.of("host", "cdbHost"), schema.field(Credential.HOST).orElseThrow().names());
        assertEquals("3306", schema.field(Credential.PORT).orElseThrow().defaultValue().orElseThrow());
        assertEquals(List.of("database", "cdbDatabase"), schema.field("database").orElseThrow().names());
        assertEquals(List.of("accountHost", "plaintextInServerLog"), List.copyOf(schema.options().keySet()));
    }

    @Test
    void noDriverIsLoadedBeforeOpen() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("mysql-connector")) {
                path.add(new File(entry).toURI().toURL());
            }
        }
        try (URLClassLoader withoutDriver = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = withoutDriver.loadClass(MysqlTarget.class.getName());
            Object target = type.getConstructor().newInstance();
            for (String method : List.of("type", "schema", "passwordRules")) {
                assertFalse(type.getMethod(method).invoke(target).toString().isEmpty());
            }
            Class<?> credential = withoutDriver.loadClass(Credential.class.getName());
            Class<?> context = withoutDriver.loadClass("dev.keyturn.api.TargetContext");
            assertThrows(InvocationTargetException.class, // Proof that it is not there.
                    () -> type.getMethod("open", credential, context).invoke(target, null, null));
        }
    }
}
