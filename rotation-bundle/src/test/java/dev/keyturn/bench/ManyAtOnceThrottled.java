package dev.keyturn.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Many secrets due at once, and a Secret Manager that lets only so many calls a second through. */
final class ManyAtOnceThrottled implements Section {

    // What the platform runs at a time, unless it is asked for more.
    private static final int AT_ONCE = 100;
    static final int UNLIMITED = 1_000_000;
    private static final int BARS = 24;

    private final int secrets;
    private final int[] perSecond;

    ManyAtOnceThrottled() {
        this(300, 60, 30, 15);
    }

    /** So many secrets; for each row, so many calls a second. */
    ManyAtOnceThrottled(int secrets, int... perSecond) {
        this.secrets = secrets;
        this.perSecond = perSecond;
    }

    /** What came of one wave: how each secret's job ended, and what the gateway saw. */
    record Wave(Map<String, String> jobs, List<ThrottlingGateway.Call> calls) {

        static Wave of(ManyAccounts accounts, int perSecond, int atOnce) throws IOException, InterruptedException {
            try (ThrottlingGateway gateway = new ThrottlingGateway(accounts.endpoint(), perSecond)) {
                List<String> due = accounts.all().stream().map(one -> accounts.due(one, gateway.endpoint())).toList();
                Map<String, String> jobs = ManyWorker.run(due, atOnce, Integer.MAX_VALUE).stream()
                        .collect(Collectors.toMap(ManyWorker.Ended::secretId, ManyWorker.Ended::job));
                return new Wave(jobs, gateway.calls());
            }
        }

        Map<String, Long> jobsByEnd() {
            return jobs.values().stream().collect(Collectors.groupingBy(job -> job, TreeMap::new, Collectors.counting()));
        }

        /** The most calls for one step that a single rotation made. */
        long most() {
            Map<String, Long> counts = new HashMap<>();
            calls.forEach(call -> counts.merge(call.secretId() + " " + call.operation(), 1L, Long::sum));
            return counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        }

        long seconds() {
            return calls.stream().mapToLong(ThrottlingGateway.Call::millis).max().orElse(0) / 1_000;
        }

        long passed() {
            return calls.stream().filter(ThrottlingGateway.Call::passed).count();
        }
    }

    @Override
    public String title() {
        return "Many at once, and Secret Manager throttles";
    }

    @Override
    public void run(Report to) throws Exception {
        to.say(secrets + " secrets are due at once, " + AT_ONCE + " activations at a time; a gateway answers 429 to what is more than so many calls a second.");
        List<List<String>> rows = new ArrayList<>();
        List<String> pictures = new ArrayList<>();
        for (int limit : perSecond) {
            try (ManyAccounts accounts = new ManyAccounts(secrets)) {
                Wave wave = Wave.of(accounts, limit, AT_ONCE);
                long working = accounts.working();
                Map<String, Long> ends = wave.jobsByEnd();
                Wave again = Wave.of(accounts, UNLIMITED, 4);
                rows.add(List.of(Integer.toString(limit), count(ends, "completed"), count(ends, "failed"), count(ends, "not-started"), count(ends, "unknown"),
                        Long.toString(working), Long.toString(wave.seconds()), String.format(Locale.ROOT, "%.1f", (double) wave.calls().size() / secrets),
                        Long.toString(wave.most()), 100 * (wave.calls().size() - wave.passed()) / wave.calls().size() + " %",
                        count(again.jobsByEnd(), "completed"), Long.toString(accounts.working())));
                pictures.add(picture(limit, wave));
            }
        }
        to.table(List.of("calls a second", "completed", "failed", "not started", "unknown", "active works", "seconds", "calls a rotation",
                "most for one step", "refused", "run again, not throttled: completed", "active works"), rows);
        pictures.forEach(to::say);
    }

    private static String count(Map<String, Long> ends, String end) {
        return Long.toString(ends.getOrDefault(end, 0L));
    }

    /** Calls a second over time: what passed and what was refused. */
    private static String picture(int limit, Wave wave) {
        long end = wave.calls().stream().mapToLong(ThrottlingGateway.Call::millis).max().orElse(0) + 1;
        long width = Math.max(1_000, (end + BARS - 1) / BARS);
        Map<Long, long[]> bars = new TreeMap<>();
        wave.calls().forEach(call -> bars.computeIfAbsent(call.millis() / width, bar -> new long[2])[call.passed() ? 0 : 1]++);
        StringBuilder text = new StringBuilder("Calls a second over time at " + limit + " a second (passed, refused):\n\n```text\n");
        bars.forEach((bar, count) -> text.append(String.format(Locale.ROOT, "%5.1f s %5.0f %5.0f  %s%s%n", bar * width / 1e3, count[0] * 1e3 / width,
                count[1] * 1e3 / width, "#".repeat((int) (count[0] * 1_000 / width / 5)), ".".repeat((int) (count[1] * 1_000 / width / 5)))));
        return text.append("```").toString();
    }
}
