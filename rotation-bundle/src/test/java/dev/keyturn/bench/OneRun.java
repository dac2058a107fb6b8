package dev.keyturn.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the platform's runtime is to an action, once: a class loader for the jar, Gson in its parent, {@code main} by reflection. */
final class OneRun {

    private OneRun() {
    }

    /**
     * Runs once for each line of the file, and tells how long each took, and how much memory and processor time
     * the process needed.
     *
     * @param args the file with the arguments; the class; what its class loader has
     */
    public static void main(String[] args) throws Exception {
        URL[] urls = new URL[args.length - 2];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = Path.of(args[i + 2]).toUri().toURL();
        }
        Method main = new URLClassLoader(urls, OneRun.class.getClassLoader()).loadClass(args[1]).getMethod("main", JsonObject.class);
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            long since = System.nanoTime();
            JsonObject result = (JsonObject) main.invoke(null, JsonParser.parseString(line).getAsJsonObject());
            System.out.println(result.get("done").getAsBoolean() ? "done " + (System.nanoTime() - since) : result.toString());
        }
        System.out.println("peak " + peak());
        System.out.println("cpu " + ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElse(0L));
    }

    /** In kB, where the system tells; else 0. */
    private static String peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.isReadable(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    return line.replaceAll("\\D", "");
                }
            }
        }
        return "0";
    }
}
