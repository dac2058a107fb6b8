package dev.keyturn.plugin.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetSchema.Field;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class RedisTargetTest {

    @Test
    void itIsFoundAndSaysWhatItIs() throws Exception {
        RotationTarget target = ServiceLoader.load(RotationTarget.class).stream()
                .filter(provider -> provider.type() == RedisTarget.class).findFirst().orElseThrow().get();
        assertEquals("redis", target.type());
        Properties about = new Properties();
        try (InputStream in = RedisTarget.class.getResourceAsStream("/META-INF/keyturn/" + RedisTarget.class.getName() + ".properties")) {
            about.load(in);
        }
        assertNotNull(Class.forName(about.getProperty("needs")));
        assertTrue(about.getProperty("spi").matches("[0-9]+\\.[0-9]+"), "the resource is not filtered");
        assertFalse(about.getProperty("version").contains("$"), "the resource is not filtered");
    }

    @Test
    void theSeedsFieldNamesAndPlainOnesAreRead() {
        var schema = new RedisTarget().schema();
        assertEquals("cdbHost", schema.field("host").orElseThrow().names().get(1));
        assertEquals("cdbPort", schema.field("port").orElseThrow().names().get(1));
        assertEquals("cdbPassword", schema.field("password").orElseThrow().names().get(1));
        Field user = schema.field("user").orElseThrow();
        assertTrue(user.names().contains("cdbUser") && user.names().contains("username"));
        assertEquals("default", user.defaultValue().orElseThrow());
        assertTrue(schema.options().containsKey("persistence"));
    }

    @Test
    void noDriverClassIsLoadedBeforeTheFirstLogin() throws Exception {
        URL[] withoutDriver = {RedisTarget.class.getProtectionDomain().getCodeSource().getLocation(),
                RotationTarget.class.getProtectionDomain().getCodeSource().getLocation()};
        try (URLClassLoader loader = new URLClassLoader(withoutDriver, ClassLoader.getPlatformClassLoader())) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("redis.clients.jedis.Jedis"));
            Class<?> type = loader.loadClass(RedisTarget.class.getName());
            Object target = type.getConstructor().newInstance();
            for (String method : new String[] {"type", "schema", "passwordRules"}) {
                assertFalse(type.getMethod(method).invoke(target).toString().isEmpty());
            }
        }
    }
}
