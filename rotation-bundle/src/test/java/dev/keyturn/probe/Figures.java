package dev.keyturn.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What came of the logins of some clients. A window is the time from the beginning of the first refused login to the end of the
 * last one, of one rotation.
 *
 * @param rotations how many there were
 * @param logins how many were tried
 * @param refused how many of them were refused
 * @param unanswered how many got another answer, or none
 * @param hit in how many rotations a login was refused
 * @param medianMillis of the windows of all rotations; one without a refused login counts as 0
 * @param longestMillis the longest of them
 */
record Figures(int rotations, long logins, long refused, long unanswered, long hit, double medianMillis, double longestMillis) {

    /**
     * Counts.
     *
     * @param begins when each rotation began, in their order
     * @param logins in the order in which they ended
     */
    static Figures of(List<Long> begins, List<Login> logins) {
        long[] first = new long[begins.size()];
        long[] last = new long[begins.size()];
        boolean[] hit = new boolean[begins.size()];
        for (Login login : logins) {
            if (login.answer() == Answer.REFUSED) {
                int rotation = rotation(begins, login);
                first[rotation] = hit[rotation] ? Math.min(first[rotation], login.began()) : login.began();
                last[rotation] = login.ended();
                hit[rotation] = true;
            }
        }
        double[] windows = new double[begins.size()];
        long hits = 0;
        for (int i = 0; i < windows.length; i++) {
            windows[i] = hit[i] ? (last[i] - first[i]) / (double) TimeUnit.MILLISECONDS.toNanos(1) : 0;
            hits += hit[i] ? 1 : 0;
        }
        Arrays.sort(windows);
        return new Figures(windows.length, logins.size(), count(logins, login -> login.answer() == Answer.REFUSED),
                count(logins, login -> login.answer() == Answer.UNREACHABLE), hits,
                (windows[windows.length / 2] + windows[(windows.length - 1) / 2]) / 2, windows[windows.length - 1]);
    }

    /** The rotation that began last before the login ended. */
    private static int rotation(List<Long> begins, Login login) {
        int rotation = 0;
        while (rotation + 1 < begins.size() && begins.get(rotation + 1) <= login.ended()) {
            rotation++;
        }
        return rotation;
    }

    private static long count(List<Login> logins, Predicate<Login> which) {
        return logins.stream().filter(which).count();
    }

    boolean clean() {
        return refused == 0 && unanswered == 0;
    }

    /** Whole milliseconds, but tenths below 10. */
    static String millis(double millis) {
        return String.format(Locale.ROOT, millis > 0 && millis < 10 ? "%.1f" : "%.0f", millis);
    }
}
