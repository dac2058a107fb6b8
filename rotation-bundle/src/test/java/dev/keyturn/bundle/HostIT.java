package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keyturn.bundle.HostProcess.Shape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The finished jar in a JVM like the platform's, on every target. What the bundle leaves out of the drivers is justified here: nothing
 * of it is missed, whatever a run ends with.
 */
class HostIT {

    private static final String MAIN = "main";
    private static final String POOL = "common pool";

    /** Of a 256 MB container; docs/bundling.md says how little is enough. */
    private static final String HEAP = "-Xmx" + Integer.getInteger("keyturn.heap", 128) + "m";

    @TempDir
    Path temp;

    static Stream<Arguments> shapes() throws IOException {
        List<Arguments> shapes = new ArrayList<>();
        for (Jdk jdk : Jdk.all()) {
            for (Shape shape : Shape.values()) {
                if (shape != Shape.OWN_LOADER_EXIT_FORBIDDEN || jdk.hasSecurityManager()) {
                    shapes.add(arguments(jdk, shape));
                }
            }
        }
        return shapes.stream();
    }

    private static void assertDone(OneAccount account, JsonNode result) {
        assertTrue(result.path("done").booleanValue(), result.toPrettyString());
        assertTrue(account.activeWorks());
    }

    private static void assertSilent(String output, OneAccount account) {
        assertFalse(output.contains(account.password) || output.contains(account.activePassword()) || output.contains(account.manager.secretKey()));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void rotatesOnEveryTarget_againInTheSameJvm_andFromAPoolThread(Jdk jdk, Shape shape) throws Exception {
        List<OneAccount> accounts = new ArrayList<>();
        try (HostProcess host = new HostProcess(temp, jdk, shape, HEAP)) {
            for (EveryTarget target : BundleIT.targets()) {
                OneAccount account = new OneAccount(target);
                accounts.add(account);
                // The pool first: what the first use of a driver finds or does not find may stay so.
                assertDone(account, host.run(POOL, account.arguments()).get(0));
                assertDone(account, host.run(MAIN, account.arguments()).get(0));
            }
            String output = host.output();
            for (OneAccount account : accounts) {
                assertTrue(output.contains(account.secretId), "its log was heard: " + output);
                assertSilent(output, account);
            }
        } finally {
            accounts.forEach(OneAccount::close);
        }
    }

    @Test
    void twoAtOnce_ofEveryTarget() throws Exception {
        List<OneAccount> accounts = new ArrayList<>();
        try (HostProcess host = new HostProcess(temp, Jdk.running(), Shape.OWN_LOADER, HEAP)) {
            for (EveryTarget target : BundleIT.targets()) {
                OneAccount first = new OneAccount(target);
                OneAccount second = new OneAccount(target);
                accounts.addAll(List.of(first, second));
                List<JsonNode> results = host.run(MAIN, first.arguments(), second.arguments());
                assertDone(first, results.get(0));
                assertDone(second, results.get(1));
            }
            host.output();
        } finally {
            accounts.forEach(OneAccount::close);
        }
    }

    /** In Japanese, for which the drivers have messages that the bundle leaves out. */
    @Test
    void everyWayToFailIsTold_nothingIsMissing() throws Exception {
        int closed;
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = once.getLocalPort();
        }
        try (HostProcess host = new HostProcess(temp, Jdk.running(), Shape.OWN_LOADER, HEAP, "-Duser.language=ja", "-Duser.country=JP")) {
            for (EveryTarget target : BundleIT.targets()) {
                try (OneAccount account = new OneAccount(target)) {
                    ObjectNode untrusting = account.arguments();
                    ((ObjectNode) untrusting.path("options")).removeAll();
                    if (target.ca().isEmpty()) {
                        System.out.println("not tried: an untrusted certificate of " + target.type() + ", whose server of the tests has no TLS");
                    } else {
                        JsonNode result = host.run(MAIN, untrusting).get(0);
                        assertError("MISCONFIGURED", "certificate", result);
                        assertTrue(account.activeWorks());
                    }
                    account.secret(target.port(), "Not-The-Password-1!");
                    assertError("DRIFTED", "", host.run(MAIN, account.arguments()).get(0));
                    account.secret(closed, account.password);
                    assertError("UNREACHABLE", "", host.run(MAIN, account.arguments()).get(0));
                }
            }
            assertFalse(host.output().contains("Not-The-Password-1!"));
        }
    }

    private static void assertError(String kind, String word, JsonNode result) {
        JsonNode error = result.path("error");
        assertEquals(kind, error.path("kind").stringValue(), result.toPrettyString());
        assertTrue(error.path("message").stringValue().contains(word), result.toPrettyString());
        assertEquals("failed", result.path("job").stringValue(), result.toPrettyString());
    }

    /**
     * 200 with {@code -Dkeyturn.warm=200}; fewer by default, where what each run leaves would show all the same: a thread, or
     * as much of the heap as is allowed here for all.
     */
    @Test
    void warmRunsLeaveNothingBehind() throws Exception {
        if (!BundleIT.targets().contains(EveryTarget.POSTGRESQL)) {
            System.out.println("not tried: warm runs, which are made on postgresql");
            return;
        }
        int runs = Integer.getInteger("keyturn.warm", 20);
        try (OneAccount account = new OneAccount(EveryTarget.POSTGRESQL);
                HostProcess host = new HostProcess(temp, Jdk.running(), Shape.OWN_LOADER, HEAP)) {
            warm(host, account, 10);
            JsonNode before = host.state();
            long start = System.nanoTime();
            warm(host, account, runs);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            JsonNode after = host.state();
            System.out.println("warm: " + runs + " runs of " + millis / runs + " ms on average; before " + before + ", after " + after);
            assertEquals(before.path("threads"), after.path("threads"));
            long grown = after.path("heap").longValue() - before.path("heap").longValue();
            assertTrue(grown < 1_000_000, "the heap grew by " + grown + " bytes in " + runs + " runs");
            host.output();
        }
    }

    private static void warm(HostProcess host, OneAccount account, int runs) throws IOException {
        for (int i = 0; i < runs; i++) {
            assertDone(account, host.run(MAIN, account.arguments()).get(0));
        }
    }
}
