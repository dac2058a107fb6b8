package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** R8, and nothing left behind. */
class LeaksTest {

    private static final int LOGINS = 40;

    @Test
    void noThreadAndNoConnectionIsLeft() throws Exception {
        try (TdsStandIn server = TdsStandIn.start()) {
            server.createLogin("app", "Old-1st_Value");
            Credential from = Plain.credential(server, "app", "Old-1st_Value");
            Credential to = from.with("password", "New-2nd_Value");
            TargetContext context = TargetContext.of(10_000, 10_000, TlsSettings.verify().withCa(server.ca()), Map.of());
            Set<String> before = drivers();

            try (TargetSession session = new MssqlTarget().open(from, context)) {
                session.survey(from);
                session.change(Change.of(from, to));
            }
            assertThrows(TargetException.class, () -> new MssqlTarget().open(from, context));
            server.refuseStatements("SELECT", 208);
            assertThrows(TargetException.class, () -> new MssqlTarget().open(to, context));
            server.refuseStatements("SELECT", 0);
            try (TargetSession session = new MssqlTarget().open(to, context)) {
                server.failNextChange(TdsStandIn.Fault.CLOSE_AFTER_EFFECT);
                assertThrows(TargetException.class, () -> session.change(Change.of(to, from)));
            }

            Plain.untilNoneIsOpen(server);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            Set<String> more = drivers();
            while (!before.containsAll(more) && System.nanoTime() < end) {
                Thread.onSpinWait();
                more = drivers();
            }
            more.removeAll(before);
            assertEquals(Set.of(), more);
        }
    }

    /** It serves tens of thousands of logins to the probe and the benchmarks, in one process. */
    @Test
    void theStandInKeepsNoFileOpen() throws Exception {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            System.out.println("not tried: the files that the SQL Server stand-in keeps open, which this system does not count");
            return;
        }
        try (TdsStandIn server = TdsStandIn.start()) {
            server.createLogin("app", "Old-1st_Value");
            server.attempt("app", "Old-1st_Value");
            long most = system.getOpenFileDescriptorCount() + LOGINS / 2;
            for (int i = 0; i < LOGINS; i++) {
                assertEquals(TdsStandIn.Answer.ACCEPTED, server.attempt("app", "Old-1st_Value"));
            }
            Plain.untilNoneIsOpen(server);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (system.getOpenFileDescriptorCount() > most && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertTrue(system.getOpenFileDescriptorCount() <= most, LOGINS + " logins, and more than half as many files are open");
        }
    }

    /** Threads that are not the stand-in's, JUnit's or the JDK's. */
    private static Set<String> drivers() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> !name.startsWith("tds-stand-in") && !name.startsWith("ForkJoinPool"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void r8TheDriversLogHoldsNoSecretAtItsUsualLevels() throws Exception {
        List<String> records = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public synchronized void publish(LogRecord record) {
                records.add(record.getLevel() + " " + record.getMessage() + " " + record.getThrown());
            }

            @Override
            public void flush() {
            }

            @Override
            public void close() {
            }
        };
        Logger logger = Logger.getLogger("com.microsoft.sqlserver.jdbc");
        logger.addHandler(handler);
        logger.setLevel(Level.INFO);
        try (TdsStandIn server = TdsStandIn.startWithoutTls()) {
            server.createLogin("app", "Old-1st_Value");
            Credential from = Plain.credential(server, "app", "Old-1st_Value");
            Credential to = from.with("password", "New-2nd_Value");
            assertThrows(TargetException.class, () -> new MssqlTarget().open(to, Plain.context(5_000)));
            try (TargetSession session = new MssqlTarget().open(from, Plain.context(1_000))) {
                assertFalse((session + " " + session.survey(from)).contains("Old-1st_Value"));
                server.failNextChange(TdsStandIn.Fault.HANG_BEFORE_EFFECT);
                TargetException e = assertThrows(TargetException.class, () -> session.change(Change.of(from, to)));
                assertFalse((e + " " + e.fix()).contains("_Value"), e.getMessage());
            }
        } finally {
            logger.removeHandler(handler);
            logger.setLevel(null);
        }
        assertTrue(records.stream().noneMatch(record -> record.contains("_Value")), records.toString());
    }

    @Test
    void theProviderNeedsNoDriverUntilItOpens() throws Exception {
        URL[] withoutDriver = {location(MssqlTarget.class), location(RotationTarget.class)};
        try (URLClassLoader loader = new URLClassLoader(withoutDriver, ClassLoader.getPlatformClassLoader())) {
            Class<?> spi = loader.loadClass(RotationTarget.class.getName());
            Object plugin = ServiceLoader.load(spi, loader).findFirst().orElseThrow();

            assertEquals("mssql", spi.getMethod("type").invoke(plugin));
            assertTrue(spi.getMethod("schema").invoke(plugin) != null);
            assertTrue(spi.getMethod("passwordRules").invoke(plugin) != null);
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("com.microsoft.sqlserver.jdbc.SQLServerDriver"));
        }
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void theVersionResourceIsFilledIn() throws Exception {
        Properties properties = new Properties();
        try (InputStream in = MssqlTarget.class.getResourceAsStream("/META-INF/keyturn/" + MssqlTarget.class.getName()
                + ".properties")) {
            properties.load(in);
        }
        assertTrue(properties.getProperty("version").matches("[0-9].*"), properties.toString());
        assertTrue(properties.getProperty("spi").matches("[0-9]+\\.[0-9]+"), properties.toString());
    }

    @Test
    void theSchemaTakesTheNamesThatPeopleUse() {
        MssqlTarget target = new MssqlTarget();
        assertEquals(List.of("host", "cdbHost"), target.schema().field("host").orElseThrow().names());
        assertEquals(List.of("port", "cdbPort"), target.schema().field("port").orElseThrow().names());
        assertEquals("1433", target.schema().field("port").orElseThrow().defaultValue().orElseThrow());
        assertEquals(List.of("user", "username", "cdbUser"), target.schema().field("user").orElseThrow().names());
        assertEquals(List.of("password", "cdbPassword"), target.schema().field("password").orElseThrow().names());
        assertEquals(List.of("database", "cdbDatabase"), target.schema().field("database").orElseThrow().names());
        assertTrue(target.schema().options().containsKey("unlock"));
    }
}
