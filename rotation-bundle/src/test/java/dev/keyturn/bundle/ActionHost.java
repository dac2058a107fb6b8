package dev.keyturn.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;

/**
 * What the platform's runtime is to an action: a JVM of its own that loads the jar, finds {@code main} by reflection, and runs
 * it again and again. Stands on a class path with nothing but itself and Gson (and, in one shape, the jar).
 */
final class ActionHost {

    /** Ends each activation on both streams, past {@code System.out}: what the action did not flush comes after it. */
    static final String SENTINEL = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";

    private final Method main;
    private final boolean exitForbidden;

    private ActionHost(Method main, boolean exitForbidden) {
        this.main = main;
        this.exitForbidden = exitForbidden;
    }

    /**
     * Serves requests, one a line, until the connection ends.
     *
     * @param args port of the test; the jar, or "flat" if it is on the class path; "forbid" for a SecurityManager against exit
     * @throws Exception if this stand-in does not work
     */
    public static void main(String[] args) throws Exception {
        ClassLoader loader = args[1].equals("flat") ? ActionHost.class.getClassLoader()
                : new URLClassLoader(new URL[] {Path.of(args[1]).toUri().toURL()}, ActionHost.class.getClassLoader());
        Method main = loader.loadClass("dev.keyturn.engine.action.RotationAction").getMethod("main", JsonObject.class);
        ActionHost host = new ActionHost(main, args[2].equals("forbid"));
        try (Socket test = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
                BufferedReader in = new BufferedReader(new InputStreamReader(test.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(test.getOutputStream(), true, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonObject request = JsonParser.parseString(line).getAsJsonObject();
                out.println(request.has("runs") ? host.activate(request) : state());
            }
        }
    }

    private JsonObject activate(JsonObject request) throws Exception {
        forbidExit(true);
        JsonArray results = new JsonArray();
        try {
            for (Future<JsonObject> run : start(request)) {
                results.add(run.get());
            }
        } finally {
            forbidExit(false);
            sentinel(FileDescriptor.out);
            sentinel(FileDescriptor.err);
        }
        JsonObject answer = new JsonObject();
        answer.add("results", results);
        answer.addProperty("threads", Thread.activeCount());
        return answer;
    }

    /** All at once, each on the kind of thread that was asked for. Common pool threads know the system class loader only. */
    private List<Future<JsonObject>> start(JsonObject request) {
        List<Future<JsonObject>> runs = new ArrayList<>();
        boolean common = request.get("where").getAsString().equals("common pool");
        ExecutorService own = Executors.newCachedThreadPool();
        for (JsonElement arguments : request.getAsJsonArray("runs")) {
            Callable<JsonObject> run = () -> (JsonObject) main.invoke(null, arguments.getAsJsonObject());
            runs.add(common ? ForkJoinPool.commonPool().submit(run) : own.submit(run));
        }
        own.shutdown();
        return runs;
    }

    @SuppressWarnings("removal") // The reason why this stand-in has it: a runtime on Java 17 may.
    private void forbidExit(boolean now) {
        if (exitForbidden) {
            System.setSecurityManager(now ? new NoExit() : null);
        }
    }

    private static void sentinel(FileDescriptor stream) throws IOException {
        // Not closed: the stream is the process's.
        new FileOutputStream(stream).write((SENTINEL + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What is left of all runs so far, once everything that can end has ended. */
    private static JsonObject state() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("HttpClient-") || thread.getName().startsWith("keyturn-")) {
                    thread.join(5_000);
                }
            }
        }
        Map<String, Integer> names = new TreeMap<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> names.merge(thread.getName(), 1, Integer::sum));
        JsonObject answer = new JsonObject();
        names.forEach(answer::addProperty);
        JsonObject state = new JsonObject();
        state.add("threads", answer);
        state.addProperty("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        state.addProperty("peak", ManagementFactory.getThreadMXBean().getPeakThreadCount());
        return state;
    }

    /** Allows all but ending the JVM. */
    @SuppressWarnings("removal")
    private static final class NoExit extends SecurityManager {

        @Override
        public void checkExit(int status) {
            throw new SecurityException("exit from within an action");
        }

        @Override
        public void checkPermission(Permission permission) {
            // All else is allowed.
        }

        @Override
        public void checkPermission(Permission permission, Object context) {
            // All else is allowed.
        }
    }
}
